using Gatehouse.Http;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Gateways.FastCgi.Responder;

/// <summary>
/// Serves a handler to web servers that speak FastCGI (nginx, Apache, lighttpd, Gatehouse itself), in the role of a Responder. Connections are kept as the web
/// server asks; each carries one request at a time, and a second one is refused as the protocol has it (CANT_MPX_CONN).
/// </summary>
/// <example>
/// <code>
/// using var server = FastCgiServer.Start(Endpoint.Parse("unix:/run/app.sock"), handler);
/// </code>
/// </example>
public sealed class FastCgiServer : IDisposable
{
    private readonly NetServer _server;

    private FastCgiServer(NetServer server) => _server = server;

    /// <summary>Where it listens, with the real port where 0 was asked.</summary>
    public Endpoint Endpoint => _server.Endpoint;

    /// <summary>Connections that are open.</summary>
    public int ConnectionCount => _server.ConnectionCount;

    /// <summary>Starts to listen and to give requests to <paramref name="handler"/>.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The endpoint cannot be bound.</exception>
    public static FastCgiServer Start(Endpoint endpoint, IHandler handler, FastCgiServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        options ??= new FastCgiServerOptions();
        return new FastCgiServer(NetServer.Start(endpoint, stream => new FastCgiServerConnection(stream, handler, options).ServeAsync(), new NetServerOptions
        {
            Reactors = options.Reactors,
            OnThreadPool = !options.OnReactor,
            ReadTimeout = (int)options.Timeout.TotalMilliseconds,
            WriteTimeout = (int)options.Timeout.TotalMilliseconds,
            MaxConnections = options.MaxConnections,
        }));
    }

    /// <summary>Stops listening. Requests under way end in order, and their connections with them.</summary>
    public void Dispose() => _server.Dispose();
}
