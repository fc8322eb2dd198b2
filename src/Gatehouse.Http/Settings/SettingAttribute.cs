namespace Gatehouse.Http.Settings;

/// <summary>
/// Declares an init property of an immutable record as a setting. Reading, validation, help, JSON Schema and the reference page all come from this one
/// declaration: the property's initialiser is the default, the C# keyword <c>required</c> makes it required, its type says what it takes.
/// </summary>
/// <remarks>
/// Types: bool, int, long, double, string, enums (members in kebab-case), TimeSpan, the types of Gatehouse.Protocols.Addresses, everything that implements
/// <see cref="ISettingValue{TSelf}"/>, records with settings of their own, <c>IReadOnlyList</c> of those (one item may stand without the list), and
/// <c>IReadOnlyDictionary</c> from string to those.
/// </remarks>
/// <param name="description">One sentence for help and reference, without a full stop at its end.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute(string description) : Attribute
{
    /// <summary>One sentence for help and reference.</summary>
    public string Description { get; } = description;

    /// <summary>The key in the configuration; null for the property's name in kebab-case.</summary>
    public string? Key { get; init; }

    /// <summary>True for a value that is never printed: not by <c>check --print</c>, not in a fault.</summary>
    public bool IsSecret { get; init; }
}
