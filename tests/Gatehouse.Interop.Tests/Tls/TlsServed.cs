namespace Gatehouse.Interop.Tests.Tls;

/// <summary>A running `gatehouse serve` with a plain and a TLS listener, and an authority of its own in its folder (ca.pem, and NAME.pem and NAME.key for each name issued).</summary>
public sealed class TlsServed : IDisposable
{
    private const string FileName = "gatehouse.yaml";

    private TlsServed(int port, int tlsPort, TempFolder folder, TestAuthority authority)
    {
        Port = port;
        TlsPort = tlsPort;
        Folder = folder;
        Authority = authority;
    }

    public int Port { get; }

    public int TlsPort { get; }

    public TempFolder Folder { get; }

    public TestAuthority Authority { get; }

    public GatehouseProcess Process { get; private set; } = null!;

    public static TlsServed Start(string yaml, Action<TlsServed>? prepare = null)
    {
        var served = new TlsServed(FreePort.Tcp(), FreePort.Tcp(), new TempFolder(), new TestAuthority());
        try
        {
            served.Folder.Write("ca.pem", served.Authority.Pem);
            served.Issue("a.test", "a.test", "shop.example.com");
            prepare?.Invoke(served);
            served.Rewrite(yaml);
            served.Process = GatehouseProcess.Serve(served.TlsPort, [served.Folder[FileName]]);
            return served;
        }
        catch
        {
            served.Folder.Dispose();
            throw;
        }
    }

    /// <summary>Writes NAME.pem and NAME.key.</summary>
    public void Issue(string file, params string[] names) => Write(file, Authority.Issue(names));

    public void Write(string file, (string Certificate, string Key) pair)
    {
        Folder.Write($"{file}.pem", pair.Certificate);
        File.SetUnixFileMode(Folder.Write($"{file}.key", pair.Key), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public void Rewrite(string yaml) => Folder.Write(FileName, $"listen: [\"127.0.0.1:{Port}\", \"127.0.0.1:{TlsPort} tls\"]\n{yaml}\n");

    public PeerResult Reload() => Process.Control("reload");

    public PeerResult Check() => GatehouseProcess.Run(["check", Folder[FileName]]);

    /// <summary>Runs curl for a URL of one of the listeners, whatever host it names; TLS is verified against the authority.</summary>
    public PeerResult Curl(string url, params string[] arguments)
    {
        url = url.Replace("{port}", $"{Port}", StringComparison.Ordinal).Replace("{tls}", $"{TlsPort}", StringComparison.Ordinal);
        return PeerProcess.Run("curl", ["-sS", "--cacert", Folder["ca.pem"], "--connect-to", "::127.0.0.1:", .. arguments, url]);
    }

    public void Dispose()
    {
        Process.Dispose();
        Folder.Dispose();
        Authority.Dispose();
    }
}
