using System.Collections;
using Gatehouse.Config.Types;
using Gatehouse.Config.Yaml;
using Gatehouse.Http.Settings;

namespace Gatehouse.Config.Mapping;

/// <summary>Maps nodes to the records that declare them, and goes on after a fault to find them all.</summary>
/// <param name="catalog">The keys of features and sections.</param>
/// <param name="folder">The absolute folder that relative paths start from.</param>
/// <param name="faults">Where faults go.</param>
internal sealed class Mapper(ConfigCatalog catalog, string folder, FaultList faults)
{
    /// <summary>Values that came from files of secrets, as they would be printed.</summary>
    public HashSet<string> Secrets { get; } = [];

    /// <summary>Maps <paramref name="node"/> to an instance of <paramref name="type"/>; null when a fault keeps it from one.</summary>
    /// <param name="node">The node.</param>
    /// <param name="type">What it is to be.</param>
    /// <param name="label">The key under which it stands.</param>
    /// <param name="setting">The setting whose bounds and words hold for it, or null.</param>
    public object? Map(YamlNode node, SettingType type, string label, Setting? setting) => type switch
    {
        ScalarType scalar => MapScalar(node, scalar, label, setting),
        ListType list => MapList(node, list, label, setting),
        MapType map => MapFree(node, map, label, setting),
        RecordType record => MapRecord(node, record, label),
        _ => throw new InvalidOperationException($"{type.GetType()} has no mapping."),
    };

    private object? MapScalar(YamlNode node, ScalarType type, string label, Setting? setting)
    {
        var expected = setting?.ExpectedOf(type) ?? type.Expected;
        if (node is not YamlScalar { IsNull: false } scalar)
            return Fault(node.Mark, $"{label}: found {node.Found}, expected {expected}");
        if (scalar.IsFaulty)
            return null;
        var isSecret = scalar.IsSecret || setting is { IsSecret: true };
        if (!type.TryRead(scalar.Text, folder, out var value, out var fault))
            return Unfit(scalar.IsLong ? $"found {scalar.Found}, expected {expected}" : fault);
        if (setting?.Words is { } words && !words.Contains(scalar.Text))
            return Unfit(NearestWord.Fault(scalar.Text, words));
        if (setting?.Bounds is { } bounds && (bounds.Min.CompareTo(value) > 0 || bounds.Max.CompareTo(value) < 0))
            return Unfit($"found {scalar.Found}, expected {expected}");
        if (scalar.IsSecret)
            Secrets.Add(type.Write(value));
        return value;

        object? Unfit(string message) => Fault(scalar.Mark, $"{label}: {(isSecret ? $"found a value that is not shown, expected {expected}" : message)}");
    }

    private object? MapList(YamlNode node, ListType type, string label, Setting? setting)
    {
        IReadOnlyList<YamlNode> nodes = node switch
        {
            YamlSequence sequence => sequence.Items,
            YamlScalar { IsNull: true } => [],
            _ => [node],
        };
        var items = new List<object>(nodes.Count);
        foreach (var item in nodes)
        {
            if (Map(item, type.Item, label, setting) is { } value)
                items.Add(value);
        }
        return items.Count == nodes.Count ? type.Create(items) : null;
    }

    private object? MapFree(YamlNode node, MapType type, string label, Setting? setting)
    {
        if (node is YamlScalar { IsNull: true })
            return type.Create([]);
        if (node is not YamlMapping mapping)
            return Fault(node.Mark, $"{label}: found {node.Found}, expected {type.Expected}");
        var entries = new List<KeyValuePair<string, object>>(mapping.Entries.Count);
        foreach (var entry in mapping.Entries)
        {
            if (Map(entry.Value, type.Value, entry.Key, setting) is { } value)
                entries.Add(new(entry.Key, value));
        }
        return entries.Count == mapping.Entries.Count ? type.Create(entries) : null;
    }

    private object? MapRecord(YamlNode node, RecordType type, string label)
    {
        if (node is YamlMapping mapping)
            return MapKeys(mapping, type, label);
        if (type.Shorthand is not { } shorthand || node is YamlScalar { IsNull: true })
            return Fault(node.Mark, $"{label}: found {node.Found}, expected {type.Expected}");
        var before = faults.Count;
        var value = Map(node, shorthand.Type, label, shorthand);
        ReportMissing(type, [shorthand.Key], node.Mark, label);
        return value is null || faults.Count > before ? null : Checked(Create(type, [(shorthand, value)]), node, label);
    }

    private object? MapKeys(YamlMapping mapping, RecordType type, string label)
    {
        var before = faults.Count;
        var values = new List<(Setting, object)>();
        var open = new List<(OpenKey, object)>();
        foreach (var entry in mapping.Entries)
        {
            if (type.Find(entry.Key) is { } setting)
            {
                if (Map(entry.Value, setting.Type, entry.Key, setting) is { } value)
                    values.Add((setting, value));
            }
            else if (catalog.Find(type, entry.Key) is { } key)
            {
                if (MapOpen(entry, key) is { } use)
                    open.Add((key, use));
            }
            else
                ReportUnknown(entry, type, label);
        }
        ReportMissing(type, mapping.Entries.Select(entry => entry.Key), mapping.Mark, label);
        ReportHandlers(type, mapping, label);
        // A variable that could not be replaced had its fault before the mapping began, so that the count alone does not tell.
        if (faults.Count > before || values.Count + open.Count < mapping.Entries.Count)
            return null;
        var instance = Create(type, values);
        foreach (var slot in type.Open)
            Fill(instance, slot, open);
        return Checked(instance, mapping, label);
    }

    private object? MapOpen(YamlEntry entry, OpenKey key)
    {
        var before = faults.Count;
        if (Map(entry.Value, key.Type, entry.Key, null) is not { } config)
            return null;
        key.Validate(config, new NodeFaultSink(entry.Value, entry.Key, faults));
        return faults.Count > before ? null : key.Use(config);
    }

    private static object Create(RecordType type, IReadOnlyList<(Setting Setting, object Value)> values)
    {
        var instance = Activator.CreateInstance(type.ClrType)!;
        foreach (var (setting, value) in values)
            setting.Property.SetValue(instance, value);
        return instance;
    }

    /// <summary>Puts the uses of features or sections where the record keeps them: one handler, lists of the others.</summary>
    private static void Fill(object instance, OpenSlot slot, List<(OpenKey Key, object Use)> open)
    {
        var uses = open.Where(pair => pair.Key.Kind == slot.Kind).Select(pair => pair.Use).ToList();
        if (slot.Kind == OpenKind.Handler)
            slot.Property.SetValue(instance, uses[0]);
        else
        {
            IList list = Array.CreateInstance(slot.Property.PropertyType.GenericTypeArguments[0], uses.Count);
            for (var i = 0; i < uses.Count; i++)
                list[i] = uses[i];
            slot.Property.SetValue(instance, list);
        }
    }

    /// <summary>Asks a record what is wrong among its settings, now that each alone is right.</summary>
    private object? Checked(object instance, YamlNode node, string label)
    {
        var before = faults.Count;
        (instance as ICheckedSettings)?.Check(new NodeFaultSink(node, label, faults));
        return faults.Count > before ? null : instance;
    }

    private void ReportUnknown(YamlEntry entry, RecordType type, string label)
    {
        var known = type.Settings.Select(setting => setting.Key).Concat(catalog.KeysOf(type).Select(key => key.Key)).ToList();
        var place = label.Length == 0 ? "" : $" in '{label}'";
        var hint = NearestWord.Find(entry.Key, known) is { } nearest ? $"; did you mean '{nearest}'?"
            : known.Count == 0 ? ", expected none" : $", expected one of {string.Join(", ", known)}";
        faults.Add(entry.Mark, $"found the unknown key '{YamlScalar.Shown(entry.Key)}'{place}{hint}");
    }

    private void ReportMissing(RecordType type, IEnumerable<string> written, SourceMark mark, string label)
    {
        var keys = written.ToHashSet();
        foreach (var setting in type.Settings)
        {
            if (setting.IsRequired && !keys.Contains(setting.Key))
                faults.Add(mark, $"{label}: found no '{setting.Key}', expected {setting.ExpectedOf(setting.Type)}: {setting.Description}");
        }
    }

    private void ReportHandlers(RecordType type, YamlMapping mapping, string label)
    {
        if (!type.Open.Any(slot => slot.Kind == OpenKind.Handler))
            return;
        var handlers = catalog.KeysOf(type).Where(key => key.Kind == OpenKind.Handler).Select(key => key.Key).ToList();
        var used = mapping.Entries.Where(entry => handlers.Contains(entry.Key)).ToList();
        // A route whose only other key is misspelt has had its fault.
        if (used.Count == 0 && mapping.Entries.All(entry => type.Find(entry.Key) is not null || catalog.Find(type, entry.Key) is not null))
            faults.Add(mapping.Mark, $"{label}: found no handler, expected one of {string.Join(", ", handlers)}");
        if (used.Count > 1)
            faults.Add(used[1].Mark, $"{label}: found the handlers {string.Join(" and ", used.Select(entry => $"'{entry.Key}'"))} in one route, expected one");
    }

    private object? Fault(SourceMark mark, string message)
    {
        faults.Add(mark, message);
        return null;
    }
}
