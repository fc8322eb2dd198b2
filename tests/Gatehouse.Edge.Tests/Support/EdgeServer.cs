using System.Collections.Concurrent;
using Gatehouse.Http;
using Gatehouse.Http.Server;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Testing;

namespace Gatehouse.Edge.Tests.Support;

/// <summary>The real driver around a handler, on a port of the loopback address.</summary>
internal sealed class EdgeServer : IDisposable, IServerEvents
{
    private readonly ReactorGroup _reactors = ReactorGroup.StartNew(1);
    private readonly Listener _listener;

    public EdgeServer(IHandler handler, ServerLimits? limits = null)
        : this(_ => handler, limits)
    {
    }

    /// <summary>A server whose handler needs the reactors.</summary>
    public EdgeServer(Func<ReactorGroup, IHandler> handler, ServerLimits? limits = null)
    {
        var server = new HttpServer(_reactors.Reactors, new Notes(this, handler(_reactors)), limits, this);
        _listener = Listener.Start(_reactors.Reactors, new Endpoint(IpAddress.FromV4(0x7F000001), 0), server);
    }

    public int Port => _listener.Endpoint.Port;

    /// <summary>What handlers noted as failures, in the order of their ends.</summary>
    public ConcurrentQueue<string?> Failures { get; } = new();

    /// <summary>What the driver refused.</summary>
    public ConcurrentQueue<string> Refused { get; } = new();

    public RawClient Connect() => RawClient.Connect(Port);

    /// <summary>One request on a connection of its own.</summary>
    public RawResponse Get(string target, string fields = "", string method = "GET")
    {
        using var client = Connect();
        client.Send($"{method} {target} HTTP/1.1\r\nHost: test\r\n{fields}\r\n");
        return client.ReadResponse(method == "HEAD");
    }

    public void OnRefused(Endpoint remote, int status, string reason) => Refused.Enqueue($"{status} {reason}");

    public void OnHandlerFailed(Exchange exchange, Exception exception) => Refused.Enqueue(exception.Message);

    public void Dispose()
    {
        _listener.Dispose();
        _reactors.Dispose();
    }

    private sealed class Notes(EdgeServer server, IHandler inner) : IHandler
    {
        public async ValueTask HandleAsync(Exchange exchange)
        {
            try
            {
                await inner.HandleAsync(exchange);
            }
            finally
            {
                server.Failures.Enqueue(exchange.Notes.Failure);
            }
        }
    }

    void IServerEvents.OnAcceptSuspended(string reason)
    {
    }
}
