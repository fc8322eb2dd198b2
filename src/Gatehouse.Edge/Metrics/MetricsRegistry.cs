namespace Gatehouse.Edge.Metrics;

/// <summary>The metrics of the running server. It survives a reload, and so do its counters. Thread-safe.</summary>
public sealed class MetricsRegistry
{
    private readonly Lock _lock = new();
    private readonly List<IMetricSource> _sources = [new ProcessMetrics()];
    private readonly List<SiteMetrics> _sites = [];
    private readonly MetricsWriter _writer = new();

    /// <summary>The counters of a site, made when they are not there.</summary>
    public SiteMetrics Site(string name)
    {
        lock (_lock)
        {
            var site = _sites.Find(known => known.Site == name);
            if (site is null)
                _sites.Add(site = new SiteMetrics(name));
            return site;
        }
    }

    /// <summary>Has a source asked at each scrape.</summary>
    public void Add(IMetricSource source)
    {
        lock (_lock)
            _sources.Add(source);
    }

    /// <summary>Has a source no longer asked.</summary>
    public void Remove(IMetricSource source)
    {
        lock (_lock)
            _sources.Remove(source);
    }

    /// <summary>All metrics in Prometheus's text format 0.0.4.</summary>
    public byte[] Scrape()
    {
        lock (_lock)
        {
            _writer.Clear();
            SiteMetrics.Write(_writer, _sites);
            foreach (var source in _sources)
                source.Write(_writer);
            return _writer.Written.ToArray();
        }
    }
}
