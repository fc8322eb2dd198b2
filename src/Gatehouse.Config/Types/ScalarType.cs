using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Config.Types;

/// <summary>Reads one scalar; <paramref name="fault"/> says what was found and what was expected.</summary>
internal delegate bool ScalarReader(string text, string folder, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? fault);

/// <summary>What JSON Schema says of a scalar, for editors.</summary>
internal enum JsonKind
{
    Text,
    Boolean,
    Integer,
    Number,
}

/// <summary>A value that a configuration writes as one scalar.</summary>
internal sealed class ScalarType(Type clrType, string expected, ScalarReader read, Func<object, string>? write = null) : SettingType(clrType)
{
    public override string Expected => expected;

    public JsonKind Json { get; init; } = JsonKind.Text;

    /// <summary>The only texts there are, when they are few.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>A regular expression that every text matches, or null.</summary>
    public string? Pattern { get; init; }

    public bool TryRead(string text, string folder, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? fault) =>
        read(text, folder, out value, out fault);

    /// <summary>The text that reads as <paramref name="value"/>.</summary>
    public string Write(object value) => write is null ? value.ToString() ?? "" : write(value);
}
