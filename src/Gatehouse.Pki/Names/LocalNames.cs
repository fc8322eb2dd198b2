using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Pki.Names;

/// <summary>
/// Which names only mean something here, so that no public authority can give a certificate for them: those that RFC 2606, 6761, 6762, 7686, 8375, 9476 and ICANN keep for
/// private use, names of one label, and addresses of this host or a private network.
/// </summary>
public static class LocalNames
{
    private static readonly string[] Domains = ["localhost", "test", "internal", "local", "home.arpa", "invalid", "example", "alt", "onion"];

    private static readonly IpPrefix[] Addresses =
    [
        IpPrefix.Parse("127.0.0.0/8"), IpPrefix.Parse("10.0.0.0/8"), IpPrefix.Parse("172.16.0.0/12"), IpPrefix.Parse("192.168.0.0/16"),
        IpPrefix.Parse("169.254.0.0/16"), IpPrefix.Parse("100.64.0.0/10"), IpPrefix.Parse("::1/128"), IpPrefix.Parse("fc00::/7"), IpPrefix.Parse("fe80::/10"),
    ];

    /// <summary>True when <paramref name="name"/> is local.</summary>
    public static bool Contains(CertificateName name)
    {
        if (name.IsAddress)
            return Addresses.Any(prefix => prefix.Contains(name.Address));
        var host = name.Host;
        return !host.Contains('.', StringComparison.Ordinal) || Domains.Any(domain => IsAtOrBelow(host, domain));
    }

    /// <summary>True when <paramref name="host"/> is <paramref name="domain"/> or a name below it.</summary>
    internal static bool IsAtOrBelow(string host, string domain) =>
        host.EndsWith(domain, StringComparison.Ordinal) && (host.Length == domain.Length || host[^(domain.Length + 1)] == '.');
}
