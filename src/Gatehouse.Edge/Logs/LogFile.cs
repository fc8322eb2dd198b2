using System.Diagnostics.CodeAnalysis;
using Gatehouse.Http.Settings;

namespace Gatehouse.Edge.Logs;

/// <summary>The file of a log: a path, <c>stdout</c>, or <c>off</c>.</summary>
/// <param name="Value">As written, a path absolute once it is resolved.</param>
public sealed record LogFile(string Value) : ISettingValue<LogFile>, IRelativeValue
{
    /// <inheritdoc/>
    public static string Expected => "a path, stdout or off";

    /// <summary>No log.</summary>
    public static LogFile Off { get; } = new("off");

    /// <summary>True for <c>off</c>.</summary>
    public bool IsOff => Value == "off";

    /// <summary>True for <c>stdout</c>.</summary>
    public bool IsStandardOutput => Value == "stdout";

    /// <summary>Reads a value; an empty one and one with a NUL are refused. YAML's other words for off mean the same.</summary>
    public static bool TryParse(string text, [MaybeNullWhen(false)] out LogFile value, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        fault = text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal)
            ? null
            : $"found '{text.Replace("\0", "\\0", StringComparison.Ordinal)}', expected {Expected}";
        value = text is "false" or "no" ? Off : new LogFile(text);
        return fault is null;
    }

    /// <inheritdoc/>
    public object ResolvedFrom(string folder) => IsOff || IsStandardOutput ? this : new LogFile(Path.GetFullPath(Value, folder));

    /// <summary>As written.</summary>
    public override string ToString() => Value;
}
