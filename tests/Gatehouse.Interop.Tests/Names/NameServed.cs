using System.Globalization;

namespace Gatehouse.Interop.Tests.Names;

/// <summary>A running `gatehouse serve` that is a name server on free loopback ports, with an authority of its own in its folder (ca.pem, server.pem, server.key).</summary>
internal sealed class NameServed : IDisposable
{
    private const string FileName = "gatehouse.yaml";
    private readonly TestAuthority _authority = new();

    private NameServed()
    {
        Folder.Write("ca.pem", _authority.Pem);
        var (certificate, key) = _authority.Issue("a.test");
        Folder.Write("server.pem", certificate);
        File.SetUnixFileMode(Folder.Write("server.key", key), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public int Port { get; } = FreePort.Tcp();

    public TempFolder Folder { get; } = new();

    public GatehouseProcess Process { get; private set; } = null!;

    /// <summary>Starts it. In <paramref name="yaml"/> $PORT is where it listens.</summary>
    public static NameServed Start(string yaml, Action<NameServed>? prepare = null)
    {
        var served = new NameServed();
        try
        {
            prepare?.Invoke(served);
            served.Rewrite(yaml);
            served.Process = GatehouseProcess.Serve(
                "Gatehouse serves", [served.Folder[FileName]], environment: new Dictionary<string, string?> { ["SSL_CERT_FILE"] = served.Folder["ca.pem"] });
            return served;
        }
        catch
        {
            served.Folder.Dispose();
            throw;
        }
    }

    public void Rewrite(string yaml) => Folder.Write(FileName, yaml.Replace("$PORT", Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));

    /// <summary>Runs dig, and gives what it found, a line each; or the rest of its output where <paramref name="options"/> ask for it.</summary>
    public string Dig(string name, params string[] options) => DigAt(Port, name, options);

    public static string DigAt(int port, string name, params string[] options) => PeerProcess.Run(
        "dig", ["@127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "+tries=1", "+time=20", "+short", name, .. options]).Expect().Output.TrimEnd();

    /// <summary>The response code, flags and answers.</summary>
    public string DigWhole(string name, params string[] options) => Dig(name, ["+noshort", "+noall", "+comments", "+answer", .. options]);

    public string Kdig(int port, string name, params string[] options) => PeerProcess.Run(
        "kdig", ["@127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "+retry=0", "+time=20", "+short", $"+tls-ca={Folder["ca.pem"]}", "+tls-host=a.test", name, .. options]).Expect().Output.TrimEnd();

    public void Dispose()
    {
        Process.Dispose();
        Folder.Dispose();
        _authority.Dispose();
    }
}
