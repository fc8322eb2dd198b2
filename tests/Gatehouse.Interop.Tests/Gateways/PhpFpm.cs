namespace Gatehouse.Interop.Tests.Gateways;

/// <summary>Debian's php-fpm on a socket of its own, with a few children.</summary>
public sealed class PhpFpm : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly PeerProcess _process;

    public PhpFpm(int children)
    {
        var isRoot = Environment.UserName == "root";
        _folder.Write("fpm.conf", $"""
            [global]
            daemonize = no
            error_log = /dev/stderr
            [www]
            listen = {Socket}
            {(isRoot ? "user = root\ngroup = root" : "")}
            pm = static
            pm.max_children = {children}
            """);
        // Without the system's settings, as root where the tests run as root.
        _process = PeerProcess.Start("php-fpm8.2", ["-F", "-n", "-y", _folder["fpm.conf"], .. isRoot ? ["-R"] : Array.Empty<string>()]);
        Served.Eventually(() => File.Exists(Socket) || _process.HasExited, "php-fpm listens");
        Assert.True(File.Exists(Socket), _process.Error);
    }

    /// <summary>Where it listens.</summary>
    public string Socket => _folder["php.sock"];

    public void Dispose()
    {
        _process.Dispose();
        _folder.Dispose();
    }
}
