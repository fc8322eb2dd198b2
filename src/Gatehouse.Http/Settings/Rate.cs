using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Gatehouse.Http.Settings;

/// <summary>Who shares one <see cref="Rate"/>.</summary>
public enum RateKey
{
    /// <summary>All clients together.</summary>
    All,

    /// <summary>Each client address for itself: an IPv4 address, or the /64 of an IPv6 address.</summary>
    Ip,
}

/// <summary>How many events in how much time: <c>1000/m</c>, <c>100/s per ip</c>, <c>10/s burst 50 per ip</c>.</summary>
/// <param name="Count">Events per <paramref name="Period"/>, at least 1.</param>
/// <param name="Period">A second, a minute, an hour or a day.</param>
/// <param name="Burst">Events that may come at once; <paramref name="Count"/> unless given.</param>
/// <param name="Per">Who shares the rate.</param>
public readonly record struct Rate(int Count, TimeSpan Period, int Burst, RateKey Per) : ISettingValue<Rate>
{
    private static readonly (char Unit, TimeSpan Period)[] Units =
        [('s', TimeSpan.FromSeconds(1)), ('m', TimeSpan.FromMinutes(1)), ('h', TimeSpan.FromHours(1)), ('d', TimeSpan.FromDays(1))];

    /// <inheritdoc/>
    public static string Expected => "a rate like 1000/m, 100/s per ip or 10/s burst 50 per ip (per s, m, h or d)";

    /// <inheritdoc/>
    public static string Pattern => "^[0-9]+/[smhd]( burst [0-9]+)?( per ip)?$";

    /// <summary>Events per second.</summary>
    public double PerSecond => Count / Period.TotalSeconds;

    /// <summary>Reads <c>COUNT/UNIT [burst COUNT] [per ip]</c>.</summary>
    public static bool TryParse(string text, out Rate value, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = default;
        fault = null;
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 0 && words[0] is [.. var count, '/', var unit] && TryParseCount(count, out var events) && TryParseUnit(unit, out var period))
        {
            var next = 1;
            var burst = events;
            if (words.Length > next + 1 && words[next] == "burst" && TryParseCount(words[next + 1], out burst))
                next += 2;
            var per = RateKey.All;
            if (words.Length > next + 1 && words[next] == "per" && words[next + 1] == "ip")
                (per, next) = (RateKey.Ip, next + 2);
            if (next == words.Length)
            {
                value = new Rate(events, period, burst, per);
                return true;
            }
        }
        fault = $"found '{text}', expected {Expected}";
        return false;
    }

    /// <summary>The rate as a configuration writes it.</summary>
    public override string ToString()
    {
        var period = Period;
        var unit = Array.Find(Units, unit => unit.Period == period).Unit;
        return string.Create(CultureInfo.InvariantCulture, $"{Count}/{unit}{(Burst == Count ? "" : $" burst {Burst}")}{(Per == RateKey.Ip ? " per ip" : "")}");
    }

    private static bool TryParseCount(string digits, out int count) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count >= 1;

    private static bool TryParseUnit(char unit, out TimeSpan period)
    {
        period = Array.Find(Units, candidate => candidate.Unit == unit).Period;
        return period != default;
    }
}
