using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Config.Types;

/// <summary>What a C# type means in a configuration: a scalar, a list, a mapping of free keys, or a record of settings. One instance for each type.</summary>
internal abstract class SettingType(Type clrType)
{
    private static readonly ConcurrentDictionary<Type, SettingType?> Known = new();

    public Type ClrType => clrType;

    /// <summary>What a person should write.</summary>
    public abstract string Expected { get; }

    /// <summary>The meaning of <paramref name="type"/>.</summary>
    /// <exception cref="InvalidOperationException">It has none: a mistake in the declaration of a setting.</exception>
    public static SettingType Of(Type type) =>
        TryOf(type, out var known) ? known : throw new InvalidOperationException($"{type} cannot be a setting: see the types that SettingAttribute names.");

    public static bool TryOf(Type type, [NotNullWhen(true)] out SettingType? known)
    {
        known = Known.GetOrAdd(Nullable.GetUnderlyingType(type) ?? type, Make);
        return known is not null;
    }

    private static SettingType? Make(Type type)
    {
        if (ScalarTypes.Find(type) is { } scalar)
            return scalar;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return new ListType(type, type.GenericTypeArguments[0]);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) && type.GenericTypeArguments[0] == typeof(string))
            return new MapType(type, type.GenericTypeArguments[1]);
        return RecordType.IsRecord(type) ? new RecordType(type) : null;
    }
}

/// <summary>A list; a single item may stand for a list of it.</summary>
internal sealed class ListType(Type clrType, Type item) : SettingType(clrType)
{
    public SettingType Item { get; } = Of(item);

    public override string Expected => $"{Item.Expected}, or a list of such";

    /// <summary>Makes the list of <paramref name="items"/>.</summary>
    public object Create(IReadOnlyList<object> items)
    {
        var array = Array.CreateInstance(item, items.Count);
        for (var i = 0; i < items.Count; i++)
            array.SetValue(items[i], i);
        return array;
    }
}

/// <summary>A mapping whose keys are free, in the order of the file.</summary>
internal sealed class MapType(Type clrType, Type value) : SettingType(clrType)
{
    public SettingType Value { get; } = Of(value);

    public override string Expected => $"a mapping of names to {Value.Expected}";

    /// <summary>Makes the dictionary of <paramref name="entries"/>.</summary>
    public object Create(IReadOnlyList<KeyValuePair<string, object>> entries)
    {
        var dictionary = (System.Collections.IDictionary)Activator.CreateInstance(typeof(OrderedDictionary<,>).MakeGenericType(typeof(string), value))!;
        foreach (var (key, entry) in entries)
            dictionary.Add(key, entry);
        return dictionary;
    }
}
