namespace Gatehouse.Net.Processes;

/// <summary>Finds programs as a shell does.</summary>
public static class ProgramPath
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>
    /// The absolute path of <paramref name="name"/>: with a slash in it, from <paramref name="folder"/>; without, the first executable file of that name along
    /// <paramref name="path"/>. Null when there is none.
    /// </summary>
    public static string? Find(string name, string folder, string? path)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('/'))
        {
            var named = Path.GetFullPath(name, folder);
            return IsExecutable(named) ? named : null;
        }
        foreach (var entry in (path ?? "/usr/local/bin:/usr/bin:/bin").Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            var candidate = Path.Combine(Path.GetFullPath(entry, folder), name);
            if (IsExecutable(candidate))
                return candidate;
        }
        return null;
    }

    private static bool IsExecutable(string file) =>
        File.Exists(file) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & Executable) != 0);
}
