using System.Globalization;

namespace Gatehouse.Bench.Processes;

/// <summary>Which processor cores the two ends of a measurement have for themselves.</summary>
internal sealed record Cores(int Server, int Load, int Spare)
{
    public IReadOnlyList<int> ServerOnly => [Server];
    public IReadOnlyList<int> LoadOnly => [Load];

    /// <summary>For the load of servers that take both: a third core, or where there is none the server's.</summary>
    public IReadOnlyList<int> SpareOnly => [Spare];

    public IReadOnlyList<int> Both => [Server, Load];

    /// <summary>The first core this process may use, and the first other one that is not its hyper-thread sibling (or, failing that, is).</summary>
    /// <exception cref="RowFailedException">There is only one core.</exception>
    public static Cores Choose()
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal));
        var allowed = Parse(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        if (allowed.Count < 2) throw new RowFailedException("two cores are needed, one for the server and one for the load; this process may use one");

        var siblings = SiblingsOf(allowed[0]);
        var load = allowed.Skip(1).FirstOrDefault(core => !siblings.Contains(core), allowed[1]);
        return new Cores(allowed[0], load, allowed.FirstOrDefault(core => core != allowed[0] && core != load, allowed[0]));
    }

    private static List<int> SiblingsOf(int core)
    {
        var file = $"/sys/devices/system/cpu/cpu{core}/topology/thread_siblings_list";
        return File.Exists(file) ? Parse(File.ReadAllText(file)) : [core];
    }

    // cpuset(7), list format: 0-3,8
    private static List<int> Parse(string list)
    {
        var cores = new List<int>();
        foreach (var part in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = part.Split('-');
            var first = int.Parse(ends[0], CultureInfo.InvariantCulture);
            var last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
            cores.AddRange(Enumerable.Range(first, last - first + 1));
        }

        return cores;
    }
}
