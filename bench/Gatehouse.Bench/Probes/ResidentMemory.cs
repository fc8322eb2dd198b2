using System.Globalization;
using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Probes;

/// <summary>Resident memory of a process tree.</summary>
internal static class ResidentMemory
{
    /// <summary>The sum of VmRSS over <paramref name="root"/> and its descendants, in bytes; pages they share count for each.</summary>
    public static long Of(int root)
    {
        long bytes = 0;
        foreach (var pid in ProcessTree.Of(root))
        {
            var line = ProcFile.Text(pid, "status")?.Split('\n').FirstOrDefault(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            if (line is null) continue;
            var kilobytes = line["VmRSS:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim();
            bytes += 1024 * long.Parse(kilobytes, CultureInfo.InvariantCulture);
        }

        return bytes;
    }
}
