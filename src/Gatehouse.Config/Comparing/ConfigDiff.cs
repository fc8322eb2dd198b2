using Gatehouse.Config.Types;

namespace Gatehouse.Config.Comparing;

/// <summary>A part that is there before, after or both; it differs when both are.</summary>
/// <typeparam name="T">The part.</typeparam>
/// <param name="Before">As it was; null when it is new.</param>
/// <param name="After">As it is; null when it is gone.</param>
public sealed record Change<T>(T? Before, T? After)
    where T : class;

/// <summary>A site that differs.</summary>
/// <param name="Before">As it was; null when it is new.</param>
/// <param name="After">As it is; null when it is gone.</param>
/// <param name="Routes">The routes that differ, by their match; a route whose place alone changed is not among them.</param>
public sealed record SiteChange(SiteConfig? Before, SiteConfig? After, IReadOnlyList<Change<RouteConfig>> Routes);

/// <summary>What differs between two configurations; a reload touches that and leaves all else alone.</summary>
/// <param name="AddedListeners">Addresses to listen on anew. One whose tls or proxy-protocol changed is removed and added.</param>
/// <param name="RemovedListeners">Addresses no longer to listen on.</param>
/// <param name="Sites">The sites that differ, each known by its hosts.</param>
/// <param name="Settings">Keys of the top level that differ, other than <c>listen</c>, <c>sites</c> and those of sections.</param>
/// <param name="Sections">The sections that differ.</param>
public sealed record ConfigDiff(
    IReadOnlyList<ListenAddress> AddedListeners,
    IReadOnlyList<ListenAddress> RemovedListeners,
    IReadOnlyList<SiteChange> Sites,
    IReadOnlyList<string> Settings,
    IReadOnlyList<Change<SectionUse>> Sections)
{
    /// <summary>True when the configurations say the same.</summary>
    public bool IsEmpty => AddedListeners.Count + RemovedListeners.Count + Sites.Count + Settings.Count + Sections.Count == 0;

    /// <summary>Compares two configurations.</summary>
    public static ConfigDiff Between(ServerConfig before, ServerConfig after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var root = (RecordType)SettingType.Of(typeof(ServerConfig));
        return new ConfigDiff(
            [.. after.Listen.Except(before.Listen)],
            [.. before.Listen.Except(after.Listen)],
            [.. Changes(before.Sites, after.Sites, HostsOf).Select(change => new SiteChange(change.Before, change.After, Routes(change)))],
            [.. root.Settings
                .Where(setting => setting.Key is not ("listen" or "sites"))
                .Where(setting => !ConfigEquality.Equals(setting.Property.GetValue(before), setting.Property.GetValue(after)))
                .Select(setting => setting.Key)],
            [.. Changes(before.Sections, after.Sections, use => use.Section.Key)]);
    }

    /// <summary>One line for each difference, for the log and the answer of <c>reload</c>.</summary>
    public IEnumerable<string> Describe()
    {
        foreach (var listener in RemovedListeners)
            yield return $"listener {listener} removed";
        foreach (var listener in AddedListeners)
            yield return $"listener {listener} added";
        foreach (var key in Settings)
            yield return $"{key} changed";
        foreach (var section in Sections)
            yield return $"{(section.After ?? section.Before)!.Section.Key} {Verb(section.Before, section.After)}";
        foreach (var site in Sites)
        {
            var name = (site.After ?? site.Before)!.Hosts is { Count: > 0 } hosts ? $"site {string.Join(", ", hosts)}" : "site of every other host";
            yield return $"{name} {Verb(site.Before, site.After)}";
            foreach (var route in site.Before is null || site.After is null ? [] : site.Routes)
                yield return $"{name}, route {(route.After ?? route.Before)!.Match.Path} {Verb(route.Before, route.After)}";
        }
    }

    private static string Verb(object? before, object? after) => before is null ? "added" : after is null ? "removed" : "changed";

    private static string HostsOf(SiteConfig site) => string.Join(' ', site.Hosts.Select(host => host.ToString()).Order(StringComparer.Ordinal));

    private static IReadOnlyList<Change<RouteConfig>> Routes(Change<SiteConfig> site)
    {
        var (before, after) = (site.Before?.Routes ?? [], site.After?.Routes ?? []);
        // Equal routes pair off first, so that among several of one match the one that changed is told from those that stayed.
        var unmatched = before.ToList();
        var left = new List<RouteConfig>();
        foreach (var route in after)
        {
            var same = unmatched.FindIndex(candidate => ConfigEquality.Equals(candidate, route));
            if (same >= 0)
                unmatched.RemoveAt(same);
            else
                left.Add(route);
        }
        return [.. Changes(unmatched, left, route => route.Match, ConfigEquality.Comparer)];
    }

    private static IEnumerable<Change<T>> Changes<T>(
        IEnumerable<T> before, IEnumerable<T> after, Func<T, object> identity, IEqualityComparer<object>? comparer = null)
        where T : class
    {
        var old = before.GroupBy(identity, comparer).ToDictionary(group => group.Key, group => new Queue<T>(group), comparer);
        foreach (var item in after)
        {
            var previous = old.TryGetValue(identity(item), out var queue) && queue.Count > 0 ? queue.Dequeue() : null;
            if (previous is null || !ConfigEquality.Equals(previous, item))
                yield return new Change<T>(previous, item);
        }
        foreach (var gone in old.Values.SelectMany(queue => queue))
            yield return new Change<T>(gone, null);
    }
}
