using Gatehouse.Http;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Logs;

/// <summary>Gives each request its <see cref="RequestIdentity"/> and tells the client in X-Request-ID, whatever an upstream put there.</summary>
public sealed class RequestIdHandler(IHandler inner) : IHandler, IResponseFilter
{
    /// <inheritdoc/>
    public ValueTask HandleAsync(Exchange exchange)
    {
        RequestIdentity.Begin(exchange);
        exchange.AddFilter(this);
        return inner.HandleAsync(exchange);
    }

    /// <inheritdoc/>
    public IBodyTransform? OnResponse(Exchange exchange)
    {
        if (RequestIdentity.TryGet(exchange, out var identity))
            exchange.Response.Headers.Set(KnownHeader.XRequestId, identity.Id);
        return null;
    }
}
