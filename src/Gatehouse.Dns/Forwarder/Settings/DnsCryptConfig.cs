using Gatehouse.Http.Settings;

namespace Gatehouse.Dns.Forwarder.Settings;

/// <summary>How DNSCrypt is served.</summary>
public sealed record DnsCryptConfig
{
    /// <summary>The provider's name; null for that of this machine.</summary>
    [Setting("The provider's name; 2.dnscrypt-cert. and the name of this machine when not given")]
    public string? Provider { get; init; }

    /// <summary>For how long a certificate is valid; the DNSCrypt specification asks for at most a day.</summary>
    [Setting("For how long a certificate is valid; a new one follows at half that time")]
    [Bounds("10m", "7d")]
    public TimeSpan Certificate { get; init; } = TimeSpan.FromDays(1);
}
