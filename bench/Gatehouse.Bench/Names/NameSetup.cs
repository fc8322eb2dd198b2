namespace Gatehouse.Bench.Names;

/// <summary>What a name server under test gets: a folder, ports, a certificate, and the port of the server that it asks.</summary>
internal sealed record NameSetup(string Folder, int Port, int TlsPort, int HttpsPort, string Certificate, string Key, int Upstream, int Names)
{
    /// <summary>The port of a way to ask.</summary>
    public int PortOf(NameWay way) => way switch { NameWay.Dot => TlsPort, NameWay.Doh => HttpsPort, _ => Port };

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}

/// <summary>How it is asked; the words are dnsperf's.</summary>
internal enum NameWay
{
    Udp,
    Dot,
    Doh,
}
