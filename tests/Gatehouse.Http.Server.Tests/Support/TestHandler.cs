using System.Collections.Concurrent;

namespace Gatehouse.Http.Server.Tests.Support;

/// <summary>A handler made of a function; notes over which kind of transport each request came.</summary>
internal sealed class TestHandler(Func<Exchange, ValueTask> handle) : IHandler
{
    private readonly ConcurrentDictionary<string, bool> _kinds = new();

    public ICollection<string> Kinds => _kinds.Keys;

    public ValueTask HandleAsync(Exchange exchange)
    {
        _kinds.TryAdd(Wires.KindOf(exchange.LocalEndpoint), true);
        return handle(exchange);
    }
}
