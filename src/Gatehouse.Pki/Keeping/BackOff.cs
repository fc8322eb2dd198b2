namespace Gatehouse.Pki.Keeping;

/// <summary>How long to wait after failures: a minute, then twice as long each time up to six hours, with a fifth of chance so that many do not come at once.</summary>
internal static class BackOff
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    /// <summary>The wait after so many failures in a row.</summary>
    /// <param name="failures">At least 1.</param>
    /// <param name="chance">From 0 to 1.</param>
    public static TimeSpan After(int failures, double chance)
    {
        var whole = First * Math.Pow(2, Math.Min(failures - 1, 16));
        return (whole < Longest ? whole : Longest) * (0.9 + 0.2 * chance);
    }
}
