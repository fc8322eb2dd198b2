using Gatehouse.Net.Buffers;
using Gatehouse.Protocols.Http2;

namespace Gatehouse.Http.Server.Http2;

/// <summary>The reading side: data as it arrives, what is kept of it until it is read, and the window that its reading opens.</summary>
internal sealed partial class Http2Exchange
{
    private const long ReactorNever = long.MaxValue;

    private BodyBuffer _body;
    private Http2ReceiveWindow _receiveWindow;
    private long _arrived;
    private long _received;
    private long _readDeadline = ReactorNever;

    // What a DATA frame that is being processed still has, in the connection's input: who waits for it reads it from there.
    private ReadOnlyMemory<byte> _direct;

    protected override bool IsBodyComplete => IsRemoteClosed && _body.Available == 0 && _direct.IsEmpty;

    protected override long BodyReceived => _received;

    /// <summary>
    /// Takes the data of a frame, which costs <paramref name="size"/> of the window with its padding. The fault, if there is one, is the stream's.
    /// </summary>
    public Http2Fault OnData(ReadOnlyMemory<byte> data, int size, bool isEnd)
    {
        if (!_receiveWindow.TryTake(size))
            return Http2Fault.OfStream(Http2ErrorCode.FlowControlError, "more data than the stream's window (RFC 9113 section 6.9.1)");
        _arrived += data.Length;
        var announced = _isConnect ? -1 : Request.ContentLength;
        if (announced >= 0 && (_arrived > announced || (isEnd && _arrived < announced)))
            return Http2Fault.OfStream(Http2ErrorCode.ProtocolError, $"{_arrived} bytes of content, and a Content-Length of {announced} (RFC 9113 section 8.1.1)");
        IsRemoteClosed = isEnd;
        // Padding is used as it comes.
        if (size > data.Length)
            Acknowledge(size - data.Length);
        var generation = Generation;
        _direct = data;
        OnReadable();
        if (generation != Generation)
            return default;
        if (!_direct.IsEmpty)
            _body.Append(_direct.Span);
        _direct = default;
        return default;
    }

    /// <summary>Takes the fields behind the body, which end it. The fault, if there is one, is the stream's.</summary>
    public Http2Fault OnTrailers()
    {
        if (TrailerSection.Malformed is { } malformed)
            return Http2Fault.OfStream(Http2ErrorCode.ProtocolError, malformed);
        if (TrailerSection.IsTooLarge)
            return Http2Fault.OfStream(Http2ErrorCode.EnhanceYourCalm, "trailers larger than the limit");
        if (!_isConnect && Request.ContentLength > _arrived)
            return Http2Fault.OfStream(Http2ErrorCode.ProtocolError, $"{_arrived} bytes of content, and a Content-Length of {Request.ContentLength} (RFC 9113 section 8.1.1)");
        IsRemoteClosed = true;
        if (TrailerSection.Fields.Count > 0)
            Request.Trailers = TrailerSection.Fields;
        OnReadable();
        return default;
    }

    protected override bool TryReadBody(Span<byte> buffer, out int count)
    {
        count = 0;
        if (_isConnect)
            return true;
        if (!TryTake(buffer, out count))
        {
            ThrowIfBroken();
            return false;
        }
        _received += count;
        if (_received > BodyLimit)
            throw TooLarge(BodyLimit);
        return true;
    }

    protected override bool TryReadTunnel(Span<byte> buffer, out int count)
    {
        HasNews = false;
        ThrowIfBroken();
        if (!TryTake(buffer, out count))
            return false;
        HasClientEnded |= count == 0;
        return true;
    }

    protected override void SendContinue() => _connection.SendInterim(this, 100, null);

    protected override void ArmRead()
    {
        _readDeadline = Reactor.Now + (long)BodyTime.TotalMilliseconds;
        Rearm();
    }

    private bool TryTake(Span<byte> buffer, out int count)
    {
        count = _body.Available > 0 ? _body.Read(buffer) : 0;
        if (count < buffer.Length && !_direct.IsEmpty)
        {
            var part = Math.Min(buffer.Length - count, _direct.Length);
            _direct.Span[..part].CopyTo(buffer[count..]);
            _direct = _direct[part..];
            count += part;
        }
        if (count == 0)
            return IsRemoteClosed && !_isReset;
        Acknowledge(count);
        return true;
    }

    private void Acknowledge(int count)
    {
        _connection.Acknowledge(count);
        if (!IsRemoteClosed && _receiveWindow.Use(count) is > 0 and var increment)
            _connection.SendWindowUpdate(Stream, increment);
    }

    private void DropBody()
    {
        var dropped = _body.Clear() + _direct.Length;
        _direct = default;
        if (dropped > 0)
            _connection.Acknowledge(dropped);
    }
}
