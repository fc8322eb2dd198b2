using Gatehouse.Dns.Forwarder;
using Gatehouse.Edge.Metrics;

namespace Gatehouse.Host.Names;

/// <summary>The figures of the name server.</summary>
internal sealed class NameServerMetrics(DnsForwarder forwarder) : IMetricSource
{
    public void Write(MetricsWriter writer)
    {
        if (forwarder.Figures is not { } figures)
            return;
        writer.Counter("gatehouse_dns_queries_total", "Queries by the way that they came.");
        foreach (var (way, count) in figures.Queries)
            writer.Sample(count, ("way", way));
        Count(writer, "cache_hits", "Answers from the cache.", figures.CacheHits);
        Count(writer, "cache_misses", "Queries that servers were asked for.", figures.CacheMisses);
        Count(writer, "stale_answers", "Answers that were given beyond their time.", figures.StaleAnswers);
        Count(writer, "prefetches", "Answers that were renewed before their end.", figures.Prefetches);
        Count(writer, "local_answers", "Answers of local names.", figures.LocalAnswers);
        Count(writer, "blocked", "Queries for names that are blocked.", figures.Blocked);
        Count(writer, "refused", "Queries of those who may not ask, or for what is not answered.", figures.Refused);
        Count(writer, "limited", "Queries and answers beyond a rate.", figures.Limited);
        Count(writer, "malformed", "Messages that could not be read.", figures.Malformed);
        Count(writer, "failures", "Queries that no server answered.", figures.Failures);
        Count(writer, "unsent", "Datagrams that the system had no room for.", figures.Unsent);
        writer.Gauge("gatehouse_dns_cache_entries", "Answers in the cache.");
        writer.Sample(figures.CacheEntries);
        writer.Gauge("gatehouse_dns_cache_bytes", "Bytes that they take.");
        writer.Sample(figures.CacheBytes);
        writer.Gauge("gatehouse_dns_outstanding", "Queries that wait for servers.");
        writer.Sample(figures.Outstanding);
        writer.Counter("gatehouse_dns_server_queries_total", "Queries that a server was asked.");
        foreach (var server in figures.Servers)
            writer.Sample(server.Queries, ("server", server.Name));
        writer.Counter("gatehouse_dns_server_failures_total", "Queries that a server did not answer.");
        foreach (var server in figures.Servers)
            writer.Sample(server.Failures, ("server", server.Name));
        writer.Gauge("gatehouse_dns_server_seconds", "How long a server's answers took lately.");
        foreach (var server in figures.Servers)
            writer.Sample(server.Seconds, ("server", server.Name));
        writer.Gauge("gatehouse_dns_server_up", "1 when a server answers.");
        foreach (var server in figures.Servers)
            writer.Sample(server.IsUp ? 1 : 0, ("server", server.Name));
    }

    private static void Count(MetricsWriter writer, string name, string help, long value)
    {
        writer.Counter($"gatehouse_dns_{name}_total", help);
        writer.Sample(value);
    }
}
