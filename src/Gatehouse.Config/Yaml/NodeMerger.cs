namespace Gatehouse.Config.Yaml;

/// <summary>Joins the mapping of an included file into the one that includes it: lists append, mappings merge, two values for one key are a fault.</summary>
/// <param name="isList">Whether a top-level key takes a list, so that two single values of it are two items.</param>
/// <param name="faults">Where conflicts go.</param>
internal sealed class NodeMerger(Predicate<string> isList, FaultList faults)
{
    public YamlMapping Merge(YamlMapping first, YamlMapping second) => Merge(first, second, isTop: true);

    private YamlMapping Merge(YamlMapping first, YamlMapping second, bool isTop)
    {
        var entries = new List<YamlEntry>(first.Entries);
        var places = entries.Select((entry, index) => (entry.Key, index)).ToDictionary(pair => pair.Key, pair => pair.index);
        foreach (var entry in second.Entries)
        {
            if (places.TryGetValue(entry.Key, out var place))
                entries[place] = entries[place] with { Value = MergeValues(entries[place], entry, isTop && isList(entry.Key)) };
            else
                entries.Add(entry);
        }
        return new YamlMapping(first.Mark, entries);
    }

    private YamlNode MergeValues(YamlEntry first, YamlEntry second, bool asList)
    {
        if (asList || (first.Value is YamlSequence && second.Value is YamlSequence))
            return new YamlSequence(first.Value.Mark, [.. Items(first.Value), .. Items(second.Value)]);
        switch (first.Value, second.Value)
        {
            case (YamlMapping a, YamlMapping b):
                return Merge(a, b, isTop: false);
            case (YamlScalar { IsNull: true }, _):
                return second.Value;
            case (_, YamlScalar { IsNull: true }):
                return first.Value;
            case (YamlScalar a, YamlScalar b) when a.Text == b.Text:
                return first.Value;
            default:
                faults.Add(second.Mark, $"found '{second.Key}' again in an included file, expected it in one place; the other is {first.Mark}");
                return first.Value;
        }
    }

    private static IReadOnlyList<YamlNode> Items(YamlNode node) => node switch
    {
        YamlSequence sequence => sequence.Items,
        YamlScalar { IsNull: true } => [],
        _ => [node],
    };
}
