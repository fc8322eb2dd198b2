using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Tools.Addresses;

/// <summary>A range of addresses with a meaning of its own (RFC 6890 and its registries).</summary>
/// <param name="Prefix">The range.</param>
/// <param name="Meaning">What it is for.</param>
/// <param name="Source">The document that says so.</param>
public sealed record SpecialRange(IpPrefix Prefix, string Meaning, string Source)
{
    private static readonly SpecialRange[] All =
    [
        Of("0.0.0.0/8", "this network; 0.0.0.0 itself means any address, or none yet", "RFC 791"),
        Of("10.0.0.0/8", "private", "RFC 1918"),
        Of("100.64.0.0/10", "shared by carriers' customers behind their translation (CGN)", "RFC 6598"),
        Of("127.0.0.0/8", "loopback: this machine", "RFC 1122"),
        Of("169.254.0.0/16", "link-local: no address was given by the network", "RFC 3927"),
        Of("172.16.0.0/12", "private", "RFC 1918"),
        Of("192.0.0.0/24", "IETF protocol assignments", "RFC 6890"),
        Of("192.0.2.0/24", "documentation", "RFC 5737"),
        Of("192.31.196.0/24", "AS112, which answers reverse queries for private addresses", "RFC 7535"),
        Of("192.52.193.0/24", "automatic multicast tunneling", "RFC 7450"),
        Of("192.88.99.0/24", "6to4 relays, no longer in use", "RFC 7526"),
        Of("192.168.0.0/16", "private", "RFC 1918"),
        Of("192.175.48.0/24", "AS112, which answers reverse queries for private addresses", "RFC 7534"),
        Of("198.18.0.0/15", "benchmarks of network devices", "RFC 2544"),
        Of("198.51.100.0/24", "documentation", "RFC 5737"),
        Of("203.0.113.0/24", "documentation", "RFC 5737"),
        Of("224.0.0.0/4", "multicast", "RFC 5771"),
        Of("224.0.0.0/24", "multicast on the link: routers do not pass it on", "RFC 5771"),
        Of("239.0.0.0/8", "multicast within an organisation", "RFC 2365"),
        Of("240.0.0.0/4", "reserved", "RFC 1112"),
        Of("255.255.255.255/32", "broadcast on the link", "RFC 919"),
        Of("::/128", "unspecified: any address, or none yet", "RFC 4291"),
        Of("::1/128", "loopback: this machine", "RFC 4291"),
        Of("64:ff9b::/96", "IPv4 addresses behind a translator (NAT64)", "RFC 6052"),
        Of("64:ff9b:1::/48", "IPv4 addresses behind a local translator", "RFC 8215"),
        Of("100::/64", "discarded", "RFC 6666"),
        Of("2000::/3", "global unicast", "RFC 4291"),
        Of("2001::/23", "IETF protocol assignments", "RFC 2928"),
        Of("2001::/32", "Teredo tunnels", "RFC 4380"),
        Of("2001:2::/48", "benchmarks of network devices", "RFC 5180"),
        Of("2001:20::/28", "ORCHIDv2: cryptographic hashes, not addresses", "RFC 7343"),
        Of("2001:db8::/32", "documentation", "RFC 3849"),
        Of("2002::/16", "6to4 tunnels", "RFC 3056"),
        Of("3fff::/20", "documentation", "RFC 9637"),
        Of("fc00::/7", "unique local: private", "RFC 4193"),
        Of("fe80::/10", "link-local", "RFC 4291"),
        Of("ff00::/8", "multicast", "RFC 4291"),
        Of("ff02::/16", "multicast on the link", "RFC 4291"),
    ];

    /// <summary>The ranges that hold all of <paramref name="prefix"/>, the narrowest first.</summary>
    public static IReadOnlyList<SpecialRange> Around(IpPrefix prefix) =>
        [.. All.Where(range => range.Prefix.Length <= prefix.Length && range.Prefix.Contains(prefix.Address)).OrderByDescending(range => range.Prefix.Length)];

    private static SpecialRange Of(string prefix, string meaning, string source) => new(IpPrefix.Parse(prefix), meaning, source);
}
