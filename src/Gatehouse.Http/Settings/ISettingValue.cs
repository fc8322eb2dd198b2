using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Http.Settings;

/// <summary>A value that a configuration writes as one scalar. <see cref="object.ToString"/> gives back a text that reads as the same value.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
public interface ISettingValue<TSelf>
    where TSelf : ISettingValue<TSelf>
{
    /// <summary>What a person should write, for faults and the reference: "a size like 512KB, 10MB or 1GB".</summary>
    static abstract string Expected { get; }

    /// <summary>A regular expression (ECMA 262) that every text of a value matches, for the JSON Schema; null for none.</summary>
    static virtual string? Pattern => null;

    /// <summary>Reads a value. <paramref name="fault"/> says what was found and what was expected.</summary>
    static abstract bool TryParse(string text, [MaybeNullWhen(false)] out TSelf value, [NotNullWhen(false)] out string? fault);
}
