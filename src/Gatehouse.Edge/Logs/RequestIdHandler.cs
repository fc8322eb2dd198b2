using Gatehouse.Http;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Logs;

/// <summary>
/// Gives each request its <see cref="RequestIdentity"/>, passes it on to whoever answers (X-Request-ID and traceparent), and tells the client in X-Request-ID,
/// whatever an upstream put there.
/// </summary>
public sealed class RequestIdHandler(IHandler inner) : IHandler, IResponseFilter
{
    /// <inheritdoc/>
    public ValueTask HandleAsync(Exchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        var identity = RequestIdentity.Begin(exchange);
        var headers = exchange.Request.EditHeaders();
        headers.Set("X-Request-ID"u8, identity.Id);
        headers.Set("traceparent"u8, identity.Traceparent);
        // The state belongs to the trace that it came with (W3C Trace Context, section 3.3).
        if (!identity.IsTraceContinued)
            headers.Remove("tracestate"u8);
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
