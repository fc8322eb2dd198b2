using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Gatehouse.Config.Types;

namespace Gatehouse.Config.Comparing;

/// <summary>
/// Structural equality of configurations and of their parts: records by their settings, lists by their items in order, mappings by their keys,
/// and all else by itself. (A record's own equality compares lists by reference.)
/// </summary>
public sealed class ConfigEquality : IEqualityComparer<object?>
{
    private ConfigEquality()
    {
    }

    /// <summary>The comparer, for dictionaries that find a live object by the configuration it was built from.</summary>
    public static ConfigEquality Comparer { get; } = new();

    /// <summary>True when both say the same.</summary>
    public static new bool Equals(object? a, object? b)
    {
        if (ReferenceEquals(a, b))
            return true;
        return (a, b) switch
        {
            (null, _) or (_, null) => false,
            (string, _) => a.Equals(b),
            (IDictionary x, IDictionary y) => SameEntries(x, y),
            (IEnumerable x, IEnumerable y) => SameItems(x, y),
            (FeatureUse x, FeatureUse y) => x.Feature.Key == y.Feature.Key && Equals(x.Config, y.Config),
            (SectionUse x, SectionUse y) => x.Section.Key == y.Section.Key && Equals(x.Config, y.Config),
            _ when a.GetType() == b.GetType() && IsSettings(a, out var type) => SameSettings(a, b, type),
            _ => a.Equals(b),
        };
    }

    bool IEqualityComparer<object?>.Equals(object? x, object? y) => Equals(x, y);

    /// <summary>A hash that is the same for what <see cref="Equals(object, object)"/> calls equal.</summary>
    public int GetHashCode(object? obj)
    {
        var hash = new HashCode();
        switch (obj)
        {
            case null or string:
                return obj?.GetHashCode() ?? 0;
            case IDictionary entries:
                var sum = 0;
                foreach (DictionaryEntry entry in entries)
                    sum += HashCode.Combine(entry.Key, GetHashCode(entry.Value));
                return sum;
            case IEnumerable items:
                foreach (var item in items)
                    hash.Add(GetHashCode(item));
                return hash.ToHashCode();
            case FeatureUse use:
                return HashCode.Combine(use.Feature.Key, GetHashCode(use.Config));
            case SectionUse use:
                return HashCode.Combine(use.Section.Key, GetHashCode(use.Config));
            case var settings when IsSettings(settings, out var type):
                foreach (var setting in type.Settings)
                    hash.Add(GetHashCode(setting.Property.GetValue(settings)));
                foreach (var slot in type.Open)
                    hash.Add(GetHashCode(slot.Property.GetValue(settings)));
                return hash.ToHashCode();
            default:
                return obj.GetHashCode();
        }
    }

    private static bool IsSettings(object value, [NotNullWhen(true)] out RecordType? type)
    {
        type = SettingType.TryOf(value.GetType(), out var known) ? known as RecordType : null;
        return type is not null;
    }

    private static bool SameSettings(object a, object b, RecordType type)
    {
        foreach (var setting in type.Settings)
        {
            if (!Equals(setting.Property.GetValue(a), setting.Property.GetValue(b)))
                return false;
        }
        foreach (var slot in type.Open)
        {
            if (!Equals(slot.Property.GetValue(a), slot.Property.GetValue(b)))
                return false;
        }
        return true;
    }

    private static bool SameEntries(IDictionary a, IDictionary b)
    {
        if (a.Count != b.Count)
            return false;
        foreach (DictionaryEntry entry in a)
        {
            if (!b.Contains(entry.Key) || !Equals(entry.Value, b[entry.Key]))
                return false;
        }
        return true;
    }

    private static bool SameItems(IEnumerable a, IEnumerable b)
    {
        var (left, right) = (a.GetEnumerator(), b.GetEnumerator());
        while (left.MoveNext())
        {
            if (!right.MoveNext() || !Equals(left.Current, right.Current))
                return false;
        }
        return !right.MoveNext();
    }
}
