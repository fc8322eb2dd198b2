using System.Globalization;

namespace Gatehouse.Bench.Processes;

/// <summary>A process and its descendants, by the parent ids in /proc.</summary>
internal static class ProcessTree
{
    /// <summary>The ids of <paramref name="root"/> and all its descendants that live now, the root first.</summary>
    public static IReadOnlyList<int> Of(int root)
    {
        var children = new Dictionary<int, List<int>>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)) continue;
            if (ProcFile.Fields(pid, "stat") is not { } stat) continue;
            var parent = int.Parse(stat[ProcFile.StatParent], CultureInfo.InvariantCulture);
            if (!children.TryGetValue(parent, out var list)) children[parent] = list = [];
            list.Add(pid);
        }

        var tree = new List<int> { root };
        for (var i = 0; i < tree.Count; i++)
            if (children.TryGetValue(tree[i], out var list)) tree.AddRange(list);
        return tree;
    }
}
