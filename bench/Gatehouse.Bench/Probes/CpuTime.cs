using System.Globalization;
using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Probes;

/// <summary>
/// CPU time of a process tree since it started. <see cref="OnCpu"/> sums the first number of /proc/PID/task/TID/schedstat over the living threads,
/// to the nanosecond; <see cref="Accounted"/> sums utime and stime of /proc/PID/stat, to a hundredth of a second, threads and children that ended included.
/// <see cref="Waited"/> sums the second number of schedstat: ready to run while the core was someone else's.
/// </summary>
internal readonly record struct CpuTime(TimeSpan OnCpu, TimeSpan Accounted, TimeSpan Waited)
{
    // USER_HZ, fixed at 100 in Linux's interface to programs.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// CPU time used between <paramref name="start"/> and this: the exact sum, unless threads that ended took so much with them
    /// that the coarse count, with its two roundings, is clearly ahead.
    /// </summary>
    public TimeSpan UsedSince(CpuTime start)
    {
        var exact = OnCpu - start.OnCpu;
        var coarse = Accounted - start.Accounted;
        return coarse - exact > 3 * Tick ? coarse : exact;
    }

    /// <summary>Reads the times of <paramref name="root"/> and its descendants; from <paramref name="group"/>, where they run in one.</summary>
    public static CpuTime Of(int root, ControlGroup? group)
    {
        long onCpu = 0, waited = 0, ticks = 0;
        foreach (var pid in ProcessTree.Of(root))
        {
            if (ProcFile.Fields(pid, "stat") is not { } stat) continue;
            ticks += Number(stat[ProcFile.StatUserTicks]) + Number(stat[ProcFile.StatSystemTicks])
                + Number(stat[ProcFile.StatChildUserTicks]) + Number(stat[ProcFile.StatChildSystemTicks]);
            foreach (var task in Tasks(pid))
            {
                if (ProcFile.Fields(pid, $"task/{task}/schedstat") is not { } times) continue;
                onCpu += Number(times[0]);
                waited += Number(times[1]);
            }
        }

        if (group is not null) return new CpuTime(group.Used, TimeSpan.Zero, Nanoseconds(waited));
        return new CpuTime(Nanoseconds(onCpu), ticks * Tick, Nanoseconds(waited));
    }

    private static string[] Tasks(int pid)
    {
        try
        {
            return [.. Directory.EnumerateDirectories($"/proc/{pid}/task").Select(folder => Path.GetFileName(folder))];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static TimeSpan Nanoseconds(long count) => TimeSpan.FromTicks(count / TimeSpan.NanosecondsPerTick);
}
