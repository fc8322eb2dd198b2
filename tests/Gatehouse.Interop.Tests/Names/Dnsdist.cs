namespace Gatehouse.Interop.Tests.Names;

/// <summary>dnsdist with a front in each protocol, over one server behind it.</summary>
internal sealed class Dnsdist : IDisposable
{
    private const string Provider = "2.dnscrypt-cert.dist.example";
    private readonly TestAuthority _authority = new();
    private readonly PeerProcess _process;

    private Dnsdist(int behind)
    {
        var (certificate, key) = _authority.Issue("a.test");
        Folder.Write("ca.pem", _authority.Pem);
        Folder.Write("server.pem", certificate);
        Folder.Write("server.key", key);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var port = FreePort.Tcp();
        Folder.Write("dnsdist.conf", $"""
            setSecurityPollSuffix("")
            setLocal("127.0.0.1:{port}")
            newServer("127.0.0.1:{behind}"):setUp()
            addTLSLocal("127.0.0.1:{TlsPort}", "{Folder["server.pem"]}", "{Folder["server.key"]}")
            addDOHLocal("127.0.0.1:{HttpsPort}", "{Folder["server.pem"]}", "{Folder["server.key"]}", "/dns-query")
            generateDNSCryptProviderKeys("{Folder["provider.pub"]}", "{Folder["provider.key"]}")
            generateDNSCryptCertificate("{Folder["provider.key"]}", "{Folder["short.cert"]}", "{Folder["short.key"]}", 1, {now - 60}, {now + 86400})
            addDNSCryptBind("127.0.0.1:{CryptPort}", "{Provider}", "{Folder["short.cert"]}", "{Folder["short.key"]}")
            """);
        _process = PeerProcess.Start("dnsdist", ["--supervised", "--disable-syslog", "-C", Folder["dnsdist.conf"]]);
        _process.WaitForPort(TlsPort);
        _process.WaitForPort(HttpsPort);
    }

    public TempFolder Folder { get; } = new();

    public int TlsPort { get; } = FreePort.Tcp();

    public int HttpsPort { get; } = FreePort.Tcp();

    public int CryptPort { get; } = FreePort.Tcp();

    /// <summary>The stamp of its DNSCrypt front.</summary>
    public string Stamp => DnsCryptTests.StampOf(CryptPort, File.ReadAllBytes(Folder["provider.pub"]), Provider);

    public static Dnsdist Start(int behind) => new(behind);

    public void Dispose()
    {
        _process.Dispose();
        Folder.Dispose();
        _authority.Dispose();
    }
}
