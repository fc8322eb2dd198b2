using System.Globalization;
using Gatehouse.Edge.Logs;
using Gatehouse.Edge.Metrics;

namespace Gatehouse.Host.Admin;

/// <summary>The figures of the server itself: connections, configuration, memory allocated, upstreams and logs.</summary>
internal sealed class ServerMetrics(RunningServer server, LogSinks logs) : IMetricSource
{
    public void Write(MetricsWriter writer)
    {
        writer.Gauge("gatehouse_connections", "Client connections open now.");
        writer.Sample(server.OpenConnections);
        writer.Counter("gatehouse_config_changes_total", "Configurations that were put in force, the first included.");
        writer.Sample(server.Generation);
        writer.Counter("gatehouse_gc_allocated_bytes_total", "Bytes of managed memory allocated since the start.");
        writer.Sample(GC.GetTotalAllocatedBytes(precise: true));
        writer.Counter("gatehouse_reactor_held_total", "Times that a handler held a reactor for longer than 100 ms.");
        for (var i = 0; i < server.Reactors.Count; i++)
            writer.Sample(server.Holds.TimesOf(i), ("reactor", i.ToString(CultureInfo.InvariantCulture)));
        WriteUpstreams(writer);
        writer.Counter("gatehouse_log_lines_lost_total", "Lines of logs that could not be written.");
        foreach (var sink in logs.All)
            writer.Sample(sink.LinesLost, ("log", sink.Name));
    }

    private void WriteUpstreams(MetricsWriter writer)
    {
        var upstreams = server.Upstreams;
        writer.Counter("gatehouse_upstream_requests_total", "Requests sent to a target.");
        foreach (var upstream in upstreams)
        {
            foreach (var target in upstream.Targets)
                writer.Sample(target.Requests, ("target", target.Name));
        }
        writer.Counter("gatehouse_upstream_failures_total", "Requests that a target failed before a response.");
        foreach (var upstream in upstreams)
        {
            foreach (var target in upstream.Targets)
                writer.Sample(target.Failures, ("target", target.Name));
        }
        writer.Gauge("gatehouse_upstream_active", "Requests under way at a target.");
        foreach (var upstream in upstreams)
        {
            foreach (var target in upstream.Targets)
                writer.Sample(target.Active, ("target", target.Name));
        }
        writer.Gauge("gatehouse_upstream_up", "1 when a target may be chosen, 0 when it is down or ejected.");
        foreach (var upstream in upstreams)
        {
            foreach (var target in upstream.Targets)
                writer.Sample(target.IsAvailable(Environment.TickCount64) ? 1 : 0, ("target", target.Name));
        }
    }
}
