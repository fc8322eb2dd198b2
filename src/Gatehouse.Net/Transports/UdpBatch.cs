using Gatehouse.Net.Interop;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Transports;

/// <summary>
/// A fixed number of datagrams that are received or sent in one system call. The memory is native and used again for each batch. Not thread-safe.
/// </summary>
public sealed class UdpBatch : IDisposable
{
    /// <summary>The longest datagram over IPv4 and IPv6: 65,535 bytes less the UDP header (RFC 768).</summary>
    public const int MaxDatagram = 65_527;

    private readonly DatagramSlots _slots;

    /// <summary>Makes an empty batch.</summary>
    /// <param name="capacity">Datagrams, 1 to 1024 (the kernel's UIO_MAXIOV).</param>
    /// <param name="datagramSize">Bytes of the longest datagram that it holds, 1 to <see cref="MaxDatagram"/>; longer ones arrive cut.</param>
    public UdpBatch(int capacity, int datagramSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(datagramSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(datagramSize, MaxDatagram);
        Capacity = capacity;
        DatagramSize = datagramSize;
        _slots = new DatagramSlots(capacity, datagramSize);
    }

    /// <summary>The most datagrams that it holds.</summary>
    public int Capacity { get; }

    /// <summary>Bytes of the longest datagram that it holds.</summary>
    public int DatagramSize { get; }

    /// <summary>Datagrams in it.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes of a datagram; valid until the batch is used again or disposed of.</summary>
    public ReadOnlySpan<byte> Data(int index) => _slots.Data(Checked(index));

    /// <summary>Where a received datagram came from.</summary>
    public Endpoint Peer(int index) => _slots.Peer(Checked(index));

    /// <summary>True when a received datagram was longer than <see cref="DatagramSize"/> and lost its end.</summary>
    public bool IsTruncated(int index) => _slots.IsTruncated(Checked(index));

    /// <summary>Adds a datagram for sending. False when the batch is full.</summary>
    /// <param name="data">Its bytes, which are copied.</param>
    /// <param name="peer">Where to; the default endpoint on a connected socket.</param>
    /// <exception cref="ArgumentException"><paramref name="data"/> is longer than <see cref="DatagramSize"/>.</exception>
    public bool TryAdd(ReadOnlySpan<byte> data, Endpoint peer = default)
    {
        if (data.Length > DatagramSize)
            throw new ArgumentException($"Expected a datagram of at most {DatagramSize} bytes; found {data.Length}.", nameof(data));
        ObjectDisposedException.ThrowIf(_slots.IsClosed, this);
        if (Count == Capacity)
            return false;
        _slots.Set(Count++, data, peer);
        return true;
    }

    /// <summary>Room for the bytes of the next datagram, to be written in place and then added by <see cref="AddReply"/>; empty when the batch is full.</summary>
    public Span<byte> Room
    {
        get
        {
            ObjectDisposedException.ThrowIf(_slots.IsClosed, this);
            return Count == Capacity ? default : _slots.Room(Count);
        }
    }

    /// <summary>Adds the datagram that was written into <see cref="Room"/>, back to the peer of a datagram that was received.</summary>
    /// <param name="length">Its bytes.</param>
    /// <param name="received">The batch with the datagram that is answered.</param>
    /// <param name="index">Which one that is.</param>
    public void AddReply(int length, UdpBatch received, int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Room.Length, nameof(length));
        _slots.SetReply(Count++, length, received._slots, received.Checked(index));
    }

    /// <summary>Empties it.</summary>
    public void Clear() => Count = 0;

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    internal IoResult Receive(int descriptor)
    {
        ObjectDisposedException.ThrowIf(_slots.IsClosed, this);
        var result = _slots.Receive(descriptor);
        Count = result.Count;
        return result;
    }

    internal IoResult Send(int descriptor, int start)
    {
        ObjectDisposedException.ThrowIf(_slots.IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Count);
        return start == Count ? IoResult.Done(0) : _slots.Send(descriptor, start, Count - start);
    }

    private int Checked(int index)
    {
        ObjectDisposedException.ThrowIf(_slots.IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return index;
    }
}
