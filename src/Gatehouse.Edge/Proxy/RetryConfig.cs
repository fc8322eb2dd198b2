using System.Globalization;
using Gatehouse.Http.Settings;
using Gatehouse.Upstreams;

namespace Gatehouse.Edge.Proxy;

/// <summary>When a failed try is repeated, as the configuration writes it.</summary>
public sealed record RetryConfig : ICheckedSettings
{
    /// <summary>Tries in all.</summary>
    [Setting("Tries in all, the first included; 1 repeats nothing")]
    [Bounds(1, 10)]
    [Shorthand]
    public int Tries { get; init; } = 2;

    /// <summary>Which failures count.</summary>
    [Setting("Which failures are repeated: connect, timeout, or a status code from 500 to 599")]
    public IReadOnlyList<string> On { get; init; } = ["connect"];

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        for (var i = 0; i < On.Count; i++)
        {
            if (On[i] is not ("connect" or "timeout") && StatusOf(On[i]) is not (>= 500 and <= 599))
                faults.Report($"on.{i}", $"found '{On[i]}', expected connect, timeout, or a status code from 500 to 599");
        }
    }

    internal RetryRules ToRules() => new()
    {
        Tries = Tries,
        OnConnect = On.Contains("connect"),
        OnTimeout = On.Contains("timeout"),
        OnStatus = [.. On.Select(StatusOf).Where(status => status > 0)],
    };

    private static int StatusOf(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : 0;
}
