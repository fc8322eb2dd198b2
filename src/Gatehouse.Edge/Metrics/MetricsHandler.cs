using Gatehouse.Http;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Metrics;

/// <summary>Answers a scrape with all metrics of the server.</summary>
public sealed class MetricsHandler : IHandler
{
    private readonly MetricsRegistry _registry;

    /// <summary>Answers with what <paramref name="registry"/> holds.</summary>
    public MetricsHandler(MetricsRegistry registry) => _registry = registry;

    /// <inheritdoc/>
    public ValueTask HandleAsync(Exchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        var response = exchange.Response;
        if (exchange.Request.Method is not (Method.Get or Method.Head))
        {
            response.Status = 405;
            response.Headers.Add(KnownHeader.Allow, "GET, HEAD"u8);
            return default;
        }
        response.Headers.Add(KnownHeader.ContentType, "text/plain; version=0.0.4; charset=utf-8"u8);
        response.Headers.Add(KnownHeader.CacheControl, "no-store"u8);
        return exchange.SendAsync(_registry.Scrape());
    }
}
