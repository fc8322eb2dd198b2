using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Gatehouse.Http.Settings;

/// <summary>The text of durations: digits and one unit, <c>200ms</c>, <c>2s</c>, <c>5m</c>, <c>1h</c>, <c>1d</c>; zero may stand without unit.</summary>
public static class Duration
{
    private static readonly (string Name, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute),
        ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond),
    ];

    /// <summary>What a person should write.</summary>
    public static string Expected => "a duration like 200ms, 2s, 5m, 1h or 1d";

    /// <summary>A regular expression (ECMA 262) that every duration matches.</summary>
    public static string Pattern => "^([0-9]+(ms|s|m|h|d)|0)$";

    /// <summary>Reads a duration; a bare number other than 0 is refused, since programs differ in the unit that they mean.</summary>
    public static bool TryParse(string text, out TimeSpan value, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = default;
        fault = null;
        if (text == "0")
            return true;
        foreach (var (name, ticks) in Units)
        {
            if (text.EndsWith(name, StringComparison.Ordinal)
                && long.TryParse(text.AsSpan(0, text.Length - name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && count <= long.MaxValue / ticks)
            {
                value = new TimeSpan(count * ticks);
                return true;
            }
        }
        fault = $"found '{text}'{(text.All(char.IsAsciiDigit) && text.Length > 0 ? " without a unit" : "")}, expected {Expected}";
        return false;
    }

    /// <summary>The duration in the largest unit that divides it, in whole milliseconds at the least.</summary>
    public static string Format(TimeSpan value)
    {
        if (value == TimeSpan.Zero)
            return "0";
        var (name, unit) = ("ms", TimeSpan.TicksPerMillisecond);
        foreach (var candidate in Units)
        {
            if (value.Ticks % candidate.Ticks == 0 && candidate.Ticks > unit)
                (name, unit) = candidate;
        }
        return string.Create(CultureInfo.InvariantCulture, $"{value.Ticks / unit}{name}");
    }
}
