using Gatehouse.Http.Server;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Host.Control;

/// <summary>The control socket: HTTP on a Unix socket in the state folder, which only the folder's owner can reach.</summary>
public sealed class ControlServer : IDisposable
{
    private readonly Listener _listener;

    private ControlServer(Listener listener) => _listener = listener;

    /// <summary>Listens at <paramref name="path"/> for commands to <paramref name="server"/>.</summary>
    /// <param name="path">The socket's path.</param>
    /// <param name="server">The server that is controlled.</param>
    /// <param name="commands">What the commands do beyond the server itself.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The path cannot be bound.</exception>
    public static ControlServer Start(string path, RunningServer server, IControlCommands commands)
    {
        ArgumentNullException.ThrowIfNull(server);
        var reactors = server.Reactors;
        var http = new HttpServer(reactors, new ControlHandler(server, commands));
        return new ControlServer(Listener.Start(reactors, new Endpoint(path), http, new ListenerOptions { UnixMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }));
    }

    /// <summary>Stops listening and removes the socket.</summary>
    public void Dispose() => _listener.Dispose();
}

/// <summary>What the owner of the process does when it is asked over the control socket.</summary>
public interface IControlCommands
{
    /// <summary>Reads the configuration again and puts it in force; null, or why not.</summary>
    string? Reload();

    /// <summary>Begins to stop.</summary>
    void Stop();
}
