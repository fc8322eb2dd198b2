using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Dns.Forwarder.Queries;

/// <summary>Who asks, and how.</summary>
/// <param name="Address">The client's address.</param>
/// <param name="Kind">How.</param>
/// <param name="Limit">Bytes that an answer may have on this way, whatever the client takes.</param>
internal readonly record struct Client(IpAddress Address, ClientKind Kind, int Limit)
{
    /// <summary>True where the sender's address may be anybody's.</summary>
    internal bool IsDatagram => Kind is ClientKind.Udp or ClientKind.DnsCryptUdp;
}
