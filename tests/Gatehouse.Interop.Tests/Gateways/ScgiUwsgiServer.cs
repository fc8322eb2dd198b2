namespace Gatehouse.Interop.Tests.Gateways;

/// <summary>A server before an SCGI server in Python and before uWSGI, shared by the tests of a class.</summary>
public sealed class ScgiUwsgiServer : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly PeerProcess _scgi;
    private readonly PeerProcess _uwsgi;

    public ScgiUwsgiServer()
    {
        var scgi = FreePort.Tcp();
        var peers = Path.Combine(AppContext.BaseDirectory, "Peers");
        _scgi = PeerProcess.Start("python3", [Path.Combine(peers, "scgi.py"), $"{scgi}"]);
        var socket = _folder["uwsgi.sock"];
        _uwsgi = PeerProcess.Start("uwsgi",
        [
            "--plugin", "python3", "--socket", socket, "--master", "--processes", "2", "--wsgi-file", Path.Combine(peers, "uwsgi_app.py"), "--die-on-term", "--need-app",
            "--disable-logging",
        ]);
        _scgi.WaitForPort(scgi);
        Served.Eventually(() => File.Exists(socket) || _uwsgi.HasExited, "uWSGI listens");
        Assert.True(File.Exists(socket), _uwsgi.Error);
        Served = Served.Start($$$"""
            reactors: 1
            limits: {head: 256KB}
            sites:
              - routes:
                  - {match: /scgi/*, scgi: {to: "127.0.0.1:{{{scgi}}}", strip: /scgi}}
                  - {match: /uwsgi/*, uwsgi: {to: "unix:{{{socket}}}", strip: /uwsgi}}
                  - {match: /streamed/scgi/*, scgi: {to: "127.0.0.1:{{{scgi}}}", strip: /streamed/scgi, buffer: off}}
                  - {match: /streamed/uwsgi/*, uwsgi: {to: "unix:{{{socket}}}", strip: /streamed/uwsgi, buffer: off}}
                  - {match: /gone/uwsgi/*, uwsgi: "127.0.0.1:1"}
                  - {match: /gone/scgi/*, scgi: "127.0.0.1:1"}
            """);
    }

    public Served Served { get; }

    public void Dispose()
    {
        Served.Dispose();
        _uwsgi.Dispose();
        _scgi.Dispose();
        _folder.Dispose();
    }
}
