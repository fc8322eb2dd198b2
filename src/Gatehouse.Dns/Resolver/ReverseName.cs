using System.Globalization;
using System.Text;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Dns.Resolver;

/// <summary>The names under which addresses point to names (RFC 1035 section 3.5, RFC 3596 section 2.5).</summary>
public static class ReverseName
{
    /// <summary>The name of an address: 4.3.2.1.in-addr.arpa, or its 32 digits backwards under ip6.arpa.</summary>
    public static DnsName Of(IpAddress address)
    {
        var text = new StringBuilder();
        Span<byte> bytes = stackalloc byte[16];
        address.Unmapped.TryWriteBytes(bytes, out var count);
        for (var i = count - 1; i >= 0; i--)
        {
            if (count == 4)
                text.Append(CultureInfo.InvariantCulture, $"{bytes[i]}.");
            else
                text.Append(CultureInfo.InvariantCulture, $"{bytes[i] & 0xF:x}.{bytes[i] >> 4:x}.");
        }
        return DnsName.Parse(text.Append(count == 4 ? "in-addr.arpa" : "ip6.arpa").ToString());
    }
}
