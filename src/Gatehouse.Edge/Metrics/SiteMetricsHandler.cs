using System.Diagnostics;
using Gatehouse.Edge.Logs;
using Gatehouse.Http;

namespace Gatehouse.Edge.Metrics;

/// <summary>Counts each exchange of a site.</summary>
public sealed class SiteMetricsHandler : ObservedHandler
{
    private readonly SiteMetrics _site;

    /// <summary>Counts what <paramref name="inner"/> answers.</summary>
    public SiteMetricsHandler(IHandler inner, SiteMetrics site)
        : base(inner) => _site = site;

    /// <inheritdoc/>
    protected override void OnDone(Exchange exchange, int status) => _site.Record(exchange, status, Stopwatch.GetTimestamp());
}
