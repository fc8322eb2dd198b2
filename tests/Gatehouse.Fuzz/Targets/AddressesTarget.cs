using System.Net;
using System.Text;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Fuzz.Targets;

/// <summary>
/// Addresses, prefixes and endpoints: what is accepted comes back from its own text, and every address means to the base class library what it means here.
/// </summary>
internal sealed class AddressesTarget : IFuzzTarget
{
    public string Name => "addresses";

    public IEnumerable<byte[]> Seeds => Targets.Seeds.Of(
        "127.0.0.1", "0.0.0.0", "255.255.255.255", "::", "::1", "2001:db8:1234::/48", "192.147.0.0/24", "::ffff:192.0.2.1", "fe80::1", "1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:192.0.2.33",
        "[::1]:80", "127.0.0.1:8080", ":8080", "unix:/run/app.sock", "unix:@name", "0.0.0.0/0", "::/0");

    public void Run(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);
        var accepted = IpAddress.TryParse(input, out var address);
        Claim.That(accepted == IpAddress.TryParse(text, out var same) && address == same, "bytes and characters of an address give the same");
        if (accepted)
        {
            Claim.That(IpAddress.TryParse(address.ToString(), out var again) && again == address, $"address {address} comes back");
            Claim.That(IPAddress.TryParse(text, out var peer) && IpAddress.FromIPAddress(peer) == address, $"IPAddress reads '{text}' as {address}");
        }
        if (IpPrefix.TryParse(text, out var prefix, out var prefixFault))
            Claim.That(IpPrefix.TryParse(prefix.ToString(), out var again) && again == prefix, $"prefix {prefix} comes back");
        else
            Claim.That(prefixFault is { Length: > 0 }, "a refused prefix has a reason");
        if (Endpoint.TryParse(text, out var endpoint, out var endpointFault))
            Claim.That(Endpoint.TryParse(endpoint.ToString(), out var again) && again == endpoint, $"endpoint {endpoint} comes back");
        else
            Claim.That(endpointFault is { Length: > 0 }, "a refused endpoint has a reason");
    }
}
