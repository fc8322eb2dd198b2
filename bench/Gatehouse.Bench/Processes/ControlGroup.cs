using System.Globalization;

namespace Gatehouse.Bench.Processes;

/// <summary>
/// A control group (cgroup version 2) for one server: its CPU time counts processes that ended unseen, also those whose parent ignores SIGCHLD and gets
/// nothing of their time. It needs no controller, but the right to make the folder.
/// </summary>
internal sealed class ControlGroup : IDisposable
{
    private static int _count;

    private readonly string _folder;

    private ControlGroup(string folder) => _folder = folder;

    /// <summary>Makes one below that of this process.</summary>
    /// <exception cref="RowFailedException">There is no cgroup version 2, or it may not be used.</exception>
    public static ControlGroup Create()
    {
        var mount = File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')).FirstOrDefault(words => words[Array.IndexOf(words, "-") + 1] == "cgroup2")
            ?? throw new RowFailedException("children that have ended are counted by a control group, and cgroup2 is not mounted");
        var own = File.ReadLines("/proc/self/cgroup").First(line => line.StartsWith("0::", StringComparison.Ordinal))[3..];
        var folder = Path.Combine(mount[4] + own, $"gatehouse-bench-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RowFailedException($"children that have ended are counted by a control group, which cannot be made (root can): {e.Message}");
        }
        return new ControlGroup(folder);
    }

    /// <summary>CPU time of all that ever ran in it.</summary>
    public TimeSpan Used
    {
        get
        {
            const string Key = "usage_usec ";
            var line = File.ReadLines(Path.Combine(_folder, "cpu.stat")).First(text => text.StartsWith(Key, StringComparison.Ordinal));
            return TimeSpan.FromMicroseconds(long.Parse(line.AsSpan(Key.Length), CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Words before a command that put it, and so all that it starts, into the group.</summary>
    public IReadOnlyList<string> Enter => ["sh", "-c", "echo $$ > \"$0\" && exec \"$@\"", Path.Combine(_folder, "cgroup.procs")];

    /// <inheritdoc/>
    public void Dispose()
    {
        // A process that has just ended leaves the group a moment later.
        for (var tries = 0; Directory.Exists(_folder) && tries < 50; tries++)
        {
            try
            {
                Directory.Delete(_folder);
            }
            catch (IOException)
            {
                Thread.Sleep(20);
            }
        }
    }
}
