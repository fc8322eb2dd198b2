using System.Globalization;
using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Probes;

/// <summary>Proportional set size of processes: a page that several share counts for each of them with its part.</summary>
internal static class ProportionalMemory
{
    /// <summary>The sum over <paramref name="pids"/>, in bytes.</summary>
    /// <exception cref="RowFailedException">One is gone, or may not be looked at.</exception>
    public static long Of(IEnumerable<int> pids)
    {
        long bytes = 0;
        foreach (var pid in pids)
        {
            var line = ProcFile.Text(pid, "smaps_rollup")?.Split('\n').FirstOrDefault(l => l.StartsWith("Pss:", StringComparison.Ordinal))
                ?? throw new RowFailedException($"the memory of process {pid} cannot be read");
            bytes += 1024 * long.Parse(line["Pss:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
        }

        return bytes;
    }
}
