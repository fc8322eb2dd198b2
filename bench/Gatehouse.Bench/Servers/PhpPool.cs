using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Servers;

/// <summary>php-fpm with a fixed number of children, behind every server of a row; on the load's core, so that only the fronts are measured.</summary>
internal sealed class PhpPool : IAsyncDisposable
{
    /// <summary>For the page.</summary>
    public const string CommonSettings = "php-fpm, pm = static, pm.max_children = 128, pm.max_requests = 0, without php.ini";

    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(20);

    private readonly Child _child;

    private PhpPool(Child child, string socket) => (_child, Socket) = (child, socket);

    /// <summary>Where it listens.</summary>
    public string Socket { get; }

    /// <exception cref="RowFailedException">It does not start.</exception>
    public static async Task<PhpPool> StartAsync(Session session)
    {
        var setup = session.Workspace.NewServer("php-fpm");
        var socket = Path.Combine(setup.Folder, "php.sock");
        var owner = Environment.UserName == "root" ? "user = root\ngroup = root\n" : "";
        var file = setup.Write("fpm.conf", $"""
            [global]
            daemonize = no
            error_log = {setup.Folder}/error.log
            [www]
            {owner}listen = {socket}
            listen.backlog = 4096
            pm = static
            pm.max_children = 128
            """);
        var child = Child.Start(new Launch("php-fpm8.2", ["-F", "-n", "-R", "-y", file]), session.Cores.LoadOnly);
        for (var waited = TimeSpan.Zero; !File.Exists(socket); waited += TimeSpan.FromMilliseconds(20))
        {
            if (child.HasExited || waited > StartBound)
            {
                var output = await child.OutputAsync();
                await child.DisposeAsync();
                throw new RowFailedException($"php-fpm did not start: {output}");
            }
            await Task.Delay(20, session.Stop);
        }
        return new PhpPool(child, socket);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _child.DisposeAsync();
}
