namespace Gatehouse.Edge.Metrics;

/// <summary>Something that has figures to show: upstreams, listeners, logs. Asked at each scrape; what it counts, it keeps itself.</summary>
public interface IMetricSource
{
    /// <summary>Writes its metrics. Each family (a name with its help and type) is written whole by one source.</summary>
    void Write(MetricsWriter writer);
}
