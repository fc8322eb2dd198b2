using Gatehouse.Http.Settings;

namespace Gatehouse.Upstreams;

/// <summary>An active health check as the configuration writes it: a request to each target now and then.</summary>
public sealed record HealthConfig : ICheckedSettings
{
    /// <summary>The path to ask for.</summary>
    [Setting("Path to ask for; any 2xx or 3xx is healthy")]
    [Shorthand]
    public required string Path { get; init; }

    /// <summary>Time between two checks.</summary>
    [Setting("Time between two checks of a target")]
    [Bounds("50ms", "1h")]
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an answer may take.</summary>
    [Setting("How long an answer may take")]
    [Bounds("10ms", "1m")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Successes in a row that bring a target back; HAProxy has 2.</summary>
    [Setting("Successes in a row that bring a target back")]
    [Bounds(1, 100)]
    public int Rise { get; init; } = 2;

    /// <summary>Failures in a row that take a target out; HAProxy has 3.</summary>
    [Setting("Failures in a row that take a target out")]
    [Bounds(1, 100)]
    public int Fall { get; init; } = 3;

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        // It goes into a request line as it is (RFC 9112 section 3.2.1).
        if (!Path.StartsWith('/') || Path.AsSpan().ContainsAnyExceptInRange('!', '~') || Path.Contains('#', StringComparison.Ordinal))
            faults.Report("path", $"found '{Path}', expected a path like /healthz, percent-encoded");
    }
}
