namespace Gatehouse.Http.Settings;

/// <summary>
/// The path of a file or folder. A configuration's relative paths start at the folder of the configuration file; whoever reads it resolves them, so that this is
/// absolute.
/// </summary>
/// <param name="Value">The absolute path.</param>
public readonly record struct FilePath(string Value)
{
    /// <summary>What a person should write.</summary>
    public static string Expected => "a path";

    /// <summary>Resolves <paramref name="path"/> against <paramref name="folder"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty or holds a NUL.</exception>
    public static FilePath Resolve(string folder, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new FilePath(Path.GetFullPath(path, Path.GetFullPath(folder)));
    }

    /// <summary>The absolute path.</summary>
    public override string ToString() => Value;
}
