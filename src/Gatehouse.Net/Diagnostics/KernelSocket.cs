using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Diagnostics;

/// <summary>A TCP or UDP socket of this machine, as the kernel knows it.</summary>
/// <param name="IsTcp">TCP; else UDP.</param>
/// <param name="State">Its state.</param>
/// <param name="Local">Its own address and port.</param>
/// <param name="Remote">The peer's; the unspecified address and port 0 without one.</param>
/// <param name="ReceiveQueue">Bytes that were received and not read; of a listener, connections that wait to be accepted.</param>
/// <param name="SendQueue">Bytes that were sent and not acknowledged; of a listener, how many connections may wait.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="Inode">By which processes' descriptors name it; 0 when no process has it any more.</param>
/// <param name="RoundTrip">The measured round-trip time; zero when there is none.</param>
/// <param name="Retransmits">Segments that were sent again so far.</param>
public sealed record KernelSocket(
    bool IsTcp, SocketState State, Endpoint Local, Endpoint Remote, uint ReceiveQueue, uint SendQueue, uint UserId, uint Inode, TimeSpan RoundTrip, uint Retransmits);

/// <summary>The states of a socket (RFC 9293 section 3.3.2), with the kernel's numbers.</summary>
public enum SocketState : byte
{
#pragma warning disable CS1591 // each is the state of that name
    None = 0,
    Established = 1,
    SynSent = 2,
    SynReceived = 3,
    FinWait1 = 4,
    FinWait2 = 5,
    TimeWait = 6,
    Closed = 7,
    CloseWait = 8,
    LastAck = 9,
    Listen = 10,
    Closing = 11,
#pragma warning restore CS1591
}
