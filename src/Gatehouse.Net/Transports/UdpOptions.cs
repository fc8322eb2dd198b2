namespace Gatehouse.Net.Transports;

/// <summary>How a <see cref="UdpSocket"/> is opened.</summary>
public sealed record UdpOptions
{
    /// <summary>Bytes that the kernel queues for receiving (SO_RCVBUF, capped by net.core.rmem_max); 0 leaves its default.</summary>
    public int ReceiveBuffer { get; init; }

    /// <summary>Bytes that the kernel queues for sending (SO_SNDBUF, capped by net.core.wmem_max); 0 leaves its default.</summary>
    public int SendBuffer { get; init; }

    /// <summary>Lets further sockets of this user bind the same port, among which the kernel spreads the peers (SO_REUSEPORT): one for each reactor.</summary>
    public bool ReusePort { get; init; }
}
