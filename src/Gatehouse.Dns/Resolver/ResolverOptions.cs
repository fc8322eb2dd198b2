using Gatehouse.Dns.Cache;
using Gatehouse.Dns.Servers;
using Gatehouse.Dns.Validation;

namespace Gatehouse.Dns.Resolver;

/// <summary>How a <see cref="DnsResolver"/> finds names.</summary>
public sealed record ResolverOptions
{
    /// <summary>The defaults: as the system is set up.</summary>
    public static ResolverOptions Default { get; } = new();

    /// <summary>The servers; those of resolv.conf when null.</summary>
    public IReadOnlyList<ServerAddress>? Servers { get; init; }

    /// <summary>How they are asked; time-out and attempts of resolv.conf hold when null.</summary>
    public ServerOptions? ServerOptions { get; init; }

    /// <summary>The hosts file.</summary>
    public string HostsFile { get; init; } = "/etc/hosts";

    /// <summary>The file that names servers and search domains.</summary>
    public string ResolvConf { get; init; } = "/etc/resolv.conf";

    /// <summary>The file that says where host names are looked for.</summary>
    public string NameSwitch { get; init; } = "/etc/nsswitch.conf";

    /// <summary>What is kept of answers.</summary>
    public CacheOptions Cache { get; init; } = CacheOptions.Default;

    /// <summary>The keys from which on signatures are checked; null to check none (RFC 4035).</summary>
    public TrustAnchors? TrustAnchors { get; init; }

    /// <summary>
    /// How long servers are waited for when there is an answer whose time is over; then that is given (RFC 8767 section 5 recommends 1.8 s).
    /// </summary>
    public TimeSpan StalePatience { get; init; } = TimeSpan.FromSeconds(1.8);
}
