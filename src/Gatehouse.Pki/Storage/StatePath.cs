namespace Gatehouse.Pki.Storage;

/// <summary>Where the state folder is when nobody names one.</summary>
public static class StatePath
{
    /// <summary>$GATEHOUSE_STATE, else the XDG state folder, else /var/lib/gatehouse.</summary>
    public static string Default()
    {
        if (Environment.GetEnvironmentVariable("GATEHOUSE_STATE") is { Length: > 0 } named)
            return Path.GetFullPath(named);
        if (Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } xdg)
            return Path.Combine(xdg, "gatehouse");
        return Environment.GetEnvironmentVariable("HOME") is { Length: > 1 } home ? Path.Combine(home, ".local/state/gatehouse") : "/var/lib/gatehouse";
    }
}
