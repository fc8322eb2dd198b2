namespace Gatehouse.Http.Settings;

/// <summary>The only values that a setting of type string (or each item of a list of them) takes.</summary>
/// <param name="words">The values, in the order in which help lists them.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WordsAttribute(params string[] words) : Attribute
{
    /// <summary>The values.</summary>
    public IReadOnlyList<string> Words { get; } = words;
}
