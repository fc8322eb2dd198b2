using System.Reflection;
using System.Runtime.CompilerServices;
using Gatehouse.Http.Settings;

namespace Gatehouse.Config.Types;

/// <summary>One declared setting of a record.</summary>
internal sealed class Setting
{
    private readonly Lazy<SettingType> _type;
    private readonly Lazy<Bounds?> _bounds;

    public Setting(PropertyInfo property, SettingAttribute declaration, object? defaultValue)
    {
        Property = property;
        Key = declaration.Key ?? KebabCase.Of(property.Name);
        Description = declaration.Description;
        IsSecret = declaration.IsSecret;
        IsRequired = property.IsDefined(typeof(RequiredMemberAttribute));
        Default = IsRequired ? null : defaultValue;
        Words = property.GetCustomAttribute<WordsAttribute>()?.Words;
        // Late, since a record may hold itself.
        _type = new Lazy<SettingType>(() => SettingType.Of(property.PropertyType));
        _bounds = new Lazy<Bounds?>(ReadBounds);
    }

    public PropertyInfo Property { get; }

    public string Key { get; }

    public string Description { get; }

    public bool IsSecret { get; }

    public bool IsRequired { get; }

    /// <summary>The value that it has when the configuration does not write it; null for none.</summary>
    public object? Default { get; }

    public SettingType Type => _type.Value;

    /// <summary>The only texts that it takes, or null.</summary>
    public IReadOnlyList<string>? Words { get; }

    /// <summary>The least and the greatest value, or null.</summary>
    public Bounds? Bounds => _bounds.Value;

    /// <summary>What a person should write for one value of it.</summary>
    public string ExpectedOf(SettingType type)
    {
        if (type is not ScalarType scalar)
            return type is ListType list ? $"{ExpectedOf(list.Item)}, or a list of such" : type.Expected;
        if (Words is not null)
            return $"one of {string.Join(", ", Words)}";
        if (Bounds is not { } bounds)
            return scalar.Expected;
        var (min, max) = (scalar.Write(bounds.Min), scalar.Write(bounds.Max));
        return min == max ? min : $"{scalar.Expected}{(scalar.Expected.Contains(" like ", StringComparison.Ordinal) ? "," : "")} from {min} to {max}";
    }

    private Bounds? ReadBounds()
    {
        if (Property.GetCustomAttribute<BoundsAttribute>() is not { } bounds)
            return null;
        var type = Type is ListType list ? list.Item : Type;
        return type is ScalarType scalar && scalar.TryRead(bounds.Min, "/", out var min, out _) && scalar.TryRead(bounds.Max, "/", out var max, out _)
            && min is IComparable least && max is IComparable greatest
            ? new Bounds(least, greatest)
            : throw new InvalidOperationException($"The bounds of {Property.DeclaringType}.{Property.Name} are not values of its type that have an order.");
    }
}

/// <summary>The least and the greatest value that a setting takes.</summary>
internal sealed record Bounds(IComparable Min, IComparable Max);
