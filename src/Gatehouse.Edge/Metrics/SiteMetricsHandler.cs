using System.Diagnostics;
using Gatehouse.Http;

namespace Gatehouse.Edge.Metrics;

/// <summary>Counts each exchange of a site, once it is over.</summary>
public sealed class SiteMetricsHandler(IHandler inner, SiteMetrics site) : IHandler, IExchangeObserver
{
    /// <inheritdoc/>
    public ValueTask HandleAsync(Exchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        exchange.AddObserver(this);
        return inner.HandleAsync(exchange);
    }

    /// <inheritdoc/>
    public void OnEnded(Exchange exchange) => site.Record(exchange, Stopwatch.GetTimestamp());
}
