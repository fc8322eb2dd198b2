using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Transports;

/// <summary>The receives of a <see cref="UdpSocket"/>.</summary>
internal sealed class UdpReceive(UdpSocket socket) : ReactorOperation<UdpReceived>(socket.Reactor)
{
    private Memory<byte> _buffer;

    internal ValueTask<UdpReceived> Receive(Memory<byte> buffer, int timeout, CancellationToken cancellation)
    {
        Claim("receive");
        _buffer = buffer;
        return Start(timeout, cancellation);
    }

    private protected override bool TryFinish(out UdpReceived result)
    {
        var received = socket.Receive(_buffer.Span, out var peer, out var isTruncated);
        if (received.IsFailure)
            throw Errno.ToException(received.Errno, "Cannot receive a datagram");
        result = new UdpReceived(received.Count, peer, isTruncated);
        return !received.IsWouldBlock;
    }

    private protected override void Forget() => _buffer = default;

    private protected override Exception TimedOut(int milliseconds) =>
        new TimeoutException($"Expected a datagram within the receive time-out of {milliseconds} ms; found none.");
}

/// <summary>The sends of a <see cref="UdpSocket"/>.</summary>
internal sealed class UdpSend(UdpSocket socket) : ReactorOperation<bool>(socket.Reactor)
{
    private ReadOnlyMemory<byte> _data;
    private Endpoint _peer;

    internal ValueTask Send(ReadOnlyMemory<byte> data, in Endpoint peer, int timeout, CancellationToken cancellation)
    {
        Claim("send");
        _data = data;
        _peer = peer;
        return StartVoid(timeout, cancellation);
    }

    private protected override bool TryFinish(out bool result)
    {
        var sent = socket.Send(_data.Span, _peer);
        if (sent.IsFailure)
            throw Errno.ToException(sent.Errno, $"Cannot send a datagram of {_data.Length} bytes");
        return result = !sent.IsWouldBlock;
    }

    private protected override void Forget() => _data = default;

    private protected override Exception TimedOut(int milliseconds) =>
        new TimeoutException($"Expected room in the send queue within the send time-out of {milliseconds} ms; found none.");
}
