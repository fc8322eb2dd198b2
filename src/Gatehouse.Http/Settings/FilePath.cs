using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Http.Settings;

/// <summary>
/// The path of a file or folder. A configuration's relative paths start at the folder of the configuration file; whoever reads it resolves them, so that a
/// feature sees an absolute path.
/// </summary>
/// <param name="Value">The path.</param>
public readonly record struct FilePath(string Value) : ISettingValue<FilePath>, IRelativeValue
{
    /// <inheritdoc/>
    public static string Expected => "a path";

    /// <summary>Reads a path; an empty one and one with a NUL are refused.</summary>
    public static bool TryParse(string text, out FilePath value, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = new FilePath(text);
        fault = text.Length == 0 || text.Contains('\0') ? $"found '{text.Replace("\0", "\\0", StringComparison.Ordinal)}', expected {Expected}" : null;
        return fault is null;
    }

    /// <inheritdoc/>
    public object ResolvedFrom(string folder) => new FilePath(Path.GetFullPath(Value, folder));

    /// <summary>The path.</summary>
    public override string ToString() => Value;
}
