using Gatehouse.Http.Settings;

namespace Gatehouse.Config.Dns;

/// <summary>DNS over HTTPS.</summary>
public sealed record DnsOverHttpsConfig
{
    /// <summary>Whether it is served.</summary>
    [Setting("Whether the name server of 'dns' answers here, by DNS over HTTPS (RFC 8484)")]
    [Shorthand]
    public bool Enabled { get; init; } = true;
}
