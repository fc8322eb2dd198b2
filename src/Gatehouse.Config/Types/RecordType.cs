using System.Reflection;
using Gatehouse.Http.Settings;

namespace Gatehouse.Config.Types;

/// <summary>A record whose properties are settings; some also take the keys of features or sections (<see cref="OpenKeysAttribute"/>).</summary>
internal sealed class RecordType : SettingType
{
    public RecordType(Type clrType)
        : base(clrType)
    {
        if (clrType.GetConstructor(Type.EmptyTypes) is null)
            throw new InvalidOperationException($"{clrType} has settings but no public constructor without parameters.");
        var defaults = Activator.CreateInstance(clrType);
        var settings = new List<Setting>();
        var open = new List<OpenSlot>();
        // In the order of the source, which is the order of their tokens.
        foreach (var property in clrType.GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(property => property.MetadataToken))
        {
            if (property.GetCustomAttribute<SettingAttribute>() is { } declaration)
                settings.Add(new Setting(property, declaration, property.GetValue(defaults)));
            if (property.GetCustomAttribute<OpenKeysAttribute>() is { } keys)
                open.Add(new OpenSlot(property, keys.Kind));
            if (property.IsDefined(typeof(ShorthandAttribute)))
                Shorthand = Shorthand is null ? settings[^1] : throw new InvalidOperationException($"{clrType} has two shorthands.");
        }
        Settings = settings;
        Open = open;
        if (settings.GroupBy(setting => setting.Key).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InvalidOperationException($"{clrType} declares the key '{twice.Key}' twice.");
    }

    public IReadOnlyList<Setting> Settings { get; }

    public IReadOnlyList<OpenSlot> Open { get; }

    /// <summary>The setting that a bare scalar or list stands for, or null.</summary>
    public Setting? Shorthand { get; }

    public override string Expected => Shorthand is null ? $"a mapping with {Keys}" : $"{Shorthand.ExpectedOf(Shorthand.Type)}, or a mapping with {Keys}";

    private string Keys => Settings switch
    {
        [] => "no keys",
        [var one] => $"the key {one.Key}",
        _ => $"the keys {string.Join(", ", Settings.Select(setting => setting.Key))}",
    };

    /// <summary>True for a C# record: a class that the compiler gave a clone method. One without settings is what a key without settings maps to.</summary>
    public static bool IsRecord(Type type) => type is { IsClass: true, IsAbstract: false } && type.GetMethod("<Clone>$") is not null;

    public Setting? Find(string key)
    {
        foreach (var setting in Settings)
        {
            if (setting.Key == key)
                return setting;
        }
        return null;
    }
}
