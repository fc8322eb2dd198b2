using System.Net.Sockets;
using System.Numerics;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Dns.Resolver;

/// <summary>In which order the addresses of a host are tried: the destination address selection of RFC 6724 section 6.</summary>
public static class AddressSelection
{
    // The default policy table of RFC 6724 section 2.1: prefix, precedence, label. The longest prefix that matches counts.
    private static readonly (IpPrefix Prefix, int Precedence, int Label)[] Policies =
    [
        (IpPrefix.Parse("::1/128"), 50, 0),
        (IpPrefix.Parse("2002::/16"), 30, 2),
        (IpPrefix.Parse("2001::/32"), 5, 5),
        (IpPrefix.Parse("fc00::/7"), 3, 13),
        (IpPrefix.Parse("::/96"), 1, 3),
        (IpPrefix.Parse("fec0::/10"), 1, 11),
        (IpPrefix.Parse("3ffe::/16"), 1, 12),
        (IpPrefix.Parse("::/0"), 40, 1),
    ];

    /// <summary>Sorts addresses, the one to try first in front; among equals the order stays (rule 10).</summary>
    /// <param name="addresses">The addresses.</param>
    /// <param name="sourceOf">The address that this machine would speak to one from; none when there is no route.</param>
    public static IReadOnlyList<IpAddress> Sort(IReadOnlyList<IpAddress> addresses, Func<IpAddress, IpAddress> sourceOf)
    {
        ArgumentNullException.ThrowIfNull(sourceOf);
        if (addresses.Count < 2)
            return addresses;
        var candidates = new List<Candidate>(addresses.Count);
        foreach (var address in addresses)
            candidates.Add(new Candidate(address, sourceOf(address)));
        return [.. candidates
            .OrderBy(static one => one.Source.IsNone)                                          // 1: avoid unusable destinations
            .ThenByDescending(static one => Scope(one.Address) == Scope(one.Source))           // 2: prefer matching scope
            .ThenByDescending(static one => PolicyOf(one.Address).Label == PolicyOf(one.Source).Label)  // 5: prefer matching label
            .ThenByDescending(static one => PolicyOf(one.Address).Precedence)                  // 6: prefer higher precedence
            .ThenBy(static one => Scope(one.Address))                                          // 8: prefer smaller scope
            .ThenByDescending(static one => CommonPrefix(one.Address, one.Source))             // 9: use longest matching prefix
            .Select(static one => one.Address)];
    }

    /// <summary>The address that the kernel would speak to another from: that of a UDP socket which is connected to it, and sends nothing.</summary>
    public static IpAddress SourceOf(Reactor reactor, IpAddress address)
    {
        try
        {
            using var socket = UdpSocket.Connect(reactor, new Endpoint(address, 53));
            return socket.LocalEndpoint.Address;
        }
        catch (SocketException)
        {
            return default;
        }
    }

    private static (int Precedence, int Label) PolicyOf(IpAddress address)
    {
        // ::ffff:0:0/96, which stands for IPv4.
        if (address.IsV4)
            return (35, 4);
        foreach (var (prefix, precedence, label) in Policies)
        {
            if (prefix.Contains(address))
                return (precedence, label);
        }
        return (40, 1);
    }

    // Section 3.1 and 3.2: 2 for link-local, 14 for global; loopback is link-local, and so is what IPv4 has for it. Multicast has its own.
    private static int Scope(IpAddress address)
    {
        if (address.IsV4)
            return address.Low >> 24 == 127 || address.Low >> 16 == 0xA9FE ? 2 : 14;
        if (address.High >> 56 == 0xFF)
            return (int)((address.High >> 48) & 0xF);
        if ((address.High == 0 && address.Low == 1) || address.High >> 54 == 0x3FA)
            return 2;
        return address.High >> 54 == 0x3FB ? 5 : 14;
    }

    // Over the 64 bits of the subnet only, and not for IPv4, where it would send everybody to the same of several servers.
    private static int CommonPrefix(IpAddress address, IpAddress source) =>
        address.IsV6 && source.IsV6 ? BitOperations.LeadingZeroCount(address.High ^ source.High) : 0;

    private readonly record struct Candidate(IpAddress Address, IpAddress Source);
}
