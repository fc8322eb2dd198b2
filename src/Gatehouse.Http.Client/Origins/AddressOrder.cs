using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Http.Client.Origins;

/// <summary>In which order the addresses of a host are tried.</summary>
internal static class AddressOrder
{
    /// <summary>The families in turn, starting with that of the first address, and each family in the order given (RFC 8305 section 4).</summary>
    public static IReadOnlyList<IpAddress> Interleave(IReadOnlyList<IpAddress> addresses)
    {
        var first = new Queue<IpAddress>(addresses.Where(address => address.IsV6 == addresses[0].IsV6));
        var other = new Queue<IpAddress>(addresses.Where(address => address.IsV6 != addresses[0].IsV6));
        var ordered = new List<IpAddress>(addresses.Count);
        while (first.Count + other.Count > 0)
        {
            if (first.TryDequeue(out var address))
                ordered.Add(address);
            if (other.TryDequeue(out address))
                ordered.Add(address);
        }
        return ordered;
    }
}
