using System.Globalization;

namespace Gatehouse.Bench.Results;

/// <summary>Where it was measured, and how busy that was with other things (share of all cores) just before.</summary>
internal sealed record Machine(string Processor, int ProcessorCores, long MemoryBytes, string System, string Kernel, double BusyBefore)
{
    /// <summary>Reads /proc, and watches the machine for a second.</summary>
    public static async Task<Machine> ReadAsync(CancellationToken stop)
    {
        var before = CpuTicks();
        await Task.Delay(1000, stop);
        var after = CpuTicks();
        var busy = after.Total > before.Total ? (double)(after.Busy - before.Busy) / (after.Total - before.Total) : 0;

        var processor = Value("/proc/cpuinfo", "model name", ':') ?? "unknown processor";
        var memory = 1024 * long.Parse(Value("/proc/meminfo", "MemTotal", ':')!.Split(' ')[0], CultureInfo.InvariantCulture);
        var system = Value("/etc/os-release", "PRETTY_NAME", '=')?.Trim('"') ?? "Linux";
        return new Machine(processor, Environment.ProcessorCount, memory, system, File.ReadAllText("/proc/sys/kernel/osrelease").Trim(), busy);
    }

    private static string? Value(string file, string name, char separator) =>
        File.Exists(file)
            ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(separator, 2)[1].Trim()
            : null;

    // proc_stat(5): cpu user nice system idle iowait irq softirq steal …
    private static (long Busy, long Total) CpuTicks()
    {
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8)
            .Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return (ticks.Sum() - ticks[3] - ticks[4], ticks.Sum());
    }
}
