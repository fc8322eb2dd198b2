namespace Gatehouse.Bench.Processes;

/// <summary>Reads the small files of /proc/PID, where a process may end between two looks.</summary>
internal static class ProcFile
{
    // Indexes into Fields(pid, "stat"), which starts at the third field of proc(5), the state.
    public const int StatParent = 1;
    public const int StatUserTicks = 11;
    public const int StatSystemTicks = 12;

    // Of children that have ended and were waited for: CGI scripts.
    public const int StatChildUserTicks = 13;
    public const int StatChildSystemTicks = 14;

    /// <summary>The text of /proc/<paramref name="pid"/>/<paramref name="name"/>; null when the process is gone.</summary>
    public static string? Text(int pid, string name)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{name}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// The fields of a one-line file, split at spaces; null when the process is gone. Of "stat" those behind the command,
    /// which stands in parentheses and may itself hold spaces and parentheses.
    /// </summary>
    public static string[]? Fields(int pid, string name) =>
        Text(pid, name) is { Length: > 0 } text
            ? text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : null;
}
