using System.Diagnostics;

namespace Gatehouse.Edge.Metrics;

/// <summary>The process's own figures, under the names that Prometheus's client libraries use.</summary>
internal sealed class ProcessMetrics : IMetricSource
{
    private readonly Lazy<double> _startedAt = new(StartedAt);

    public void Write(MetricsWriter writer)
    {
        writer.Counter("process_cpu_seconds_total", "User and system CPU time, in seconds.");
        writer.Sample(Environment.CpuUsage.TotalTime.TotalSeconds);
        writer.Gauge("process_resident_memory_bytes", "Resident memory, in bytes.");
        writer.Sample(Environment.WorkingSet);
        writer.Gauge("process_start_time_seconds", "Start of the process, in seconds since 1970.");
        writer.Sample(_startedAt.Value);
        writer.Counter("dotnet_gc_pause_seconds_total", "Time in which the collector held all threads, in seconds.");
        writer.Sample(GC.GetTotalPauseDuration().TotalSeconds);
        writer.Gauge("dotnet_gc_heap_bytes", "Size of the managed heap, in bytes.");
        writer.Sample(GC.GetTotalMemory(forceFullCollection: false));
    }

    private static double StartedAt()
    {
        using var process = Process.GetCurrentProcess();
        return (process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds;
    }
}
