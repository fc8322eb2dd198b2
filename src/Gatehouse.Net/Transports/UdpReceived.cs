using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Transports;

/// <summary>A datagram that was received.</summary>
/// <param name="Count">Its bytes in the buffer.</param>
/// <param name="Peer">Where it came from.</param>
/// <param name="IsTruncated">True when it was longer than the buffer and lost its end.</param>
public readonly record struct UdpReceived(int Count, Endpoint Peer, bool IsTruncated);
