using Gatehouse.Http.Settings;
using Gatehouse.Upstreams;

namespace Gatehouse.Edge.Proxy;

/// <summary>Where requests are forwarded, and how.</summary>
public sealed record ProxyConfig : ICheckedSettings
{
    /// <summary>The targets.</summary>
    [Setting("The targets")]
    [Shorthand]
    public required IReadOnlyList<TargetConfig> To { get; init; }

    /// <summary>What the targets speak.</summary>
    [Setting("What the targets speak: http/1.1; h2c, HTTP/2 without TLS (gRPC); h2, HTTP/2 with TLS; auto, h2 or http/1.1 as each target with https:// chooses (ALPN). Over HTTP/2 bodies are always streamed")]
    [Words("http/1.1", "h2c", "h2", "auto")]
    public string Protocol { get; init; } = "http/1.1";

    /// <summary>Whether the targets are told of the client by a header of the PROXY protocol.</summary>
    [Setting("Begin each connection with the PROXY protocol's header, version 1 or 2, that tells the target who the client is; each request then has a connection of its own")]
    [Words("off", "v1", "v2")]
    public string ProxyProtocol { get; init; } = "off";

    /// <summary>How a target is chosen.</summary>
    [Setting("How a target is chosen")]
    [Words("round-robin", "least-requests", "random", "two-choices", "first")]
    public string Balance { get; init; } = "round-robin";

    /// <summary>The active health check; null for none.</summary>
    [Setting("Ask each target for a path now and then, and leave out those that fail")]
    public HealthConfig? Health { get; init; }

    /// <summary>How a failed try is repeated.</summary>
    [Setting("How a failed try is repeated on another target")]
    public RetryConfig Retry { get; init; } = new();

    /// <summary>How long a target may take.</summary>
    [Setting("How long a target may take for each step")]
    public UpstreamTimeoutsConfig Timeouts { get; init; } = new();

    /// <summary>How targets with TLS are spoken to.</summary>
    [Setting("How targets with https:// are spoken to")]
    public UpstreamTlsConfig Tls { get; init; } = new();

    /// <summary>How long a tunnel (WebSocket) may be silent.</summary>
    [Setting("How long a tunnel (WebSocket or another upgrade) may be silent both ways")]
    [Bounds("1s", "7d")]
    public TimeSpan TunnelIdle { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A prefix of the path that the targets do not see.</summary>
    [Setting("Prefix to take from the path; the targets are told it in X-Forwarded-Prefix")]
    public string? Strip { get; init; }

    /// <summary>What Host says.</summary>
    [Setting("Host field of the forwarded request: keep (the client's), target (the target's address), or a name")]
    public string Host { get; init; } = "keep";

    /// <summary>Whether bodies are collected for slow clients.</summary>
    [Setting("Collect bodies so that slow clients do not hold a target; off streams both ways at once, as gRPC and large uploads like it")]
    public bool Buffer { get; init; } = true;

    /// <summary>Bytes of one body in memory.</summary>
    [Setting("Bytes of one body that are collected in memory; the rest goes to a temporary file")]
    [Bounds("0", "1GB")]
    public ByteSize BufferMemory { get; init; } = ByteSize.KB(256);

    /// <summary>Bytes of one body on disk.</summary>
    [Setting("Bytes of one body that are collected in a temporary file")]
    [Bounds("0", "1024GB")]
    public ByteSize BufferDisk { get; init; } = ByteSize.GB(1);

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (To.Count is 0 or > Upstream.MaxTargets)
            faults.Report("to", $"found {To.Count} targets, expected 1 to {Upstream.MaxTargets}");
        if (Protocol != "http/1.1" && ProxyProtocol != "off")
            faults.Report("proxy-protocol", $"found {ProxyProtocol} with 'protocol: {Protocol}', expected off: connections of HTTP/2 carry the requests of many clients");
        if (Protocol == "h2c" && To.Any(static target => target.Address.IsTls))
            faults.Report("protocol", "found h2c with a target that has https:// in front, expected targets without: h2c is HTTP/2 without TLS");
        if (Protocol is "h2" or "auto" && !To.All(static target => target.Address.IsTls))
            faults.Report("protocol", $"found {Protocol} with a target that has no https:// in front, expected targets with: what they speak is agreed on in TLS");
        if (Tls != new UpstreamTlsConfig() && !To.Any(static target => target.Address.IsTls))
            faults.Report("tls", "found tls, expected at least one target with https:// in front");
        if (Strip is not null && (!Strip.StartsWith('/') || Strip.EndsWith('/')))
            faults.Report("strip", $"found '{Strip}', expected a path like /app, with a slash in front and none behind");
        if (Host.AsSpan().IndexOfAny("/ \t\r\n") >= 0)
            faults.Report("host", $"found '{Host}', expected keep, target, or a host name with an optional port");
        if (Health is { } health && (!health.Path.StartsWith('/') || health.Path.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0))
            faults.Report("health.path", $"found '{health.Path}', expected a path that starts with / and has no spaces");
    }
}
