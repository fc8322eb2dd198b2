using Gatehouse.Protocols.Http2;

namespace Gatehouse.Http.Server.Http2;

/// <summary>What comes in: frames of the connection, and those of streams up to their fields and data.</summary>
internal sealed partial class Http2Connection
{
    // Half of the credit for control frames: a field block is not made of thousands of pieces.
    private const int FragmentLimit = 64;

    private byte[]? _block;
    private int _blockSize;
    private int _blockStream;
    private int _fragments;
    private bool _blockEndsStream;

    // Takes the frames that are whole. False when the connection ends.
    private bool TakeFrames()
    {
        if (!_hasPreface && !TakePreface())
            return !_isBroken && !_isLingering;
        while (Http2FrameHeader.TryRead(_input.Unused, out var header))
        {
            var fault = header.Check();
            if (!fault.IsNone && !fault.IsStream)
                return Fail(fault);
            if (_blockStream != 0 && (header.Type != Http2FrameType.Continuation || header.Stream != _blockStream))
                return Fail(Http2ErrorCode.ProtocolError, $"a {header.Type} frame inside a field block (RFC 9113 section 6.10)");
            if (!_hasSettings && header.Type != Http2FrameType.Settings)
                return Fail(Http2ErrorCode.ProtocolError, $"a {header.Type} frame first; expected SETTINGS (RFC 9113 section 3.4)");
            if (_input.Available - Http2Protocol.HeaderBytes < header.Length)
                return true;
            var start = _input.Start + Http2Protocol.HeaderBytes;
            var payload = new ReadOnlyMemory<byte>(_input.Buffer, start, header.Length);
            _input.Consume(Http2Protocol.HeaderBytes + header.Length);
            fault = fault.IsNone ? Take(header, payload) : fault;
            if (!fault.IsNone && !(fault.IsStream ? FailStream(header.Stream, fault) : Fail(fault)))
                return false;
            if (_isBroken || _isLingering)
                return false;
            if (Output.Buffered > OutputLimit && !TryFlush())
                return false;
        }
        return true;
    }

    private bool TakePreface()
    {
        var preface = Http2Protocol.Preface;
        var length = Math.Min(preface.Length, _input.Available);
        if (!_input.Unused[..length].SequenceEqual(preface[..length]))
            return Fail(Http2ErrorCode.ProtocolError, "the connection does not begin with the preface of HTTP/2 (RFC 9113 section 3.4)");
        if (length < preface.Length)
            return false;
        _input.Consume(length);
        return _hasPreface = true;
    }

    private Http2Fault Take(Http2FrameHeader header, ReadOnlyMemory<byte> payload)
    {
        switch (header.Type)
        {
            case Http2FrameType.Data:
                return OnData(header, payload);
            case Http2FrameType.Headers:
                return OnHeaders(header, payload.Span);
            case Http2FrameType.Continuation:
                return OnContinuation(header, payload.Span);
            case Http2FrameType.RstStream:
                return OnReset(header.Stream, Http2FramePayload.ErrorCode(payload.Span));
            case Http2FrameType.Settings:
                return OnSettings(header, payload.Span);
            case Http2FrameType.Ping:
                return OnPing(header, payload.Span);
            case Http2FrameType.WindowUpdate:
                return OnWindowUpdate(header.Stream, Http2FramePayload.Id(payload.Span));
            case Http2FrameType.Priority:
                return Http2FramePayload.Id(payload.Span) == header.Stream
                    ? Http2Fault.OfStream(Http2ErrorCode.ProtocolError, "a stream that depends on itself (RFC 7540 section 5.3.1)")
                    : Charge();
            case Http2FrameType.PriorityUpdate:
                return OnPriorityUpdate(payload.Span);
            default:
                // GOAWAY: the client opens no more streams that this side began, of which there are none. Others are unknown.
                return Charge();
        }
    }

    // A frame that asks for nothing useful costs credit.
    private Http2Fault Charge() =>
        _guard.TakeControl(Now) ? default : Http2Fault.OfConnection(Http2ErrorCode.EnhanceYourCalm, "more control frames, or frames without effect, than go with what was done");

    private Http2Fault ChargeReset() =>
        _guard.TakeReset(Now) ? default : Http2Fault.OfConnection(Http2ErrorCode.EnhanceYourCalm, "more streams that ended early than go with what was done");

    private Http2Fault OnData(Http2FrameHeader header, ReadOnlyMemory<byte> payload)
    {
        var fault = Http2FramePayload.Unwrap(header, payload.Span, out var content);
        if (!fault.IsNone)
            return fault;
        if (!_receiveWindow.TryTake(header.Length))
            return Http2Fault.OfConnection(Http2ErrorCode.FlowControlError, "more data than the connection's window (RFC 9113 section 6.9.1)");
        var isEnd = header.Has(Http2Flags.EndStream);
        if (content.IsEmpty && !isEnd)
            fault = Charge();
        else
            _guard.EarnControl();
        if (!fault.IsNone)
            return fault;
        if (_streams.Find(header.Stream) is not { } stream)
        {
            Acknowledge(header.Length);
            return OnClosedStream(header.Stream, "DATA");
        }
        if (stream.IsRemoteClosed)
        {
            Acknowledge(header.Length);
            return Http2Fault.OfStream(Http2ErrorCode.StreamClosed, "DATA behind the end of its stream (RFC 9113 section 5.1)");
        }
        var padding = header.Has(Http2Flags.Padded) ? 1 : 0;
        fault = stream.OnData(payload.Slice(padding, content.Length), header.Length, isEnd);
        if (!fault.IsNone)
            Acknowledge(header.Length);
        return fault;
    }

    private Http2Fault OnHeaders(Http2FrameHeader header, ReadOnlySpan<byte> payload)
    {
        var fault = Http2FramePayload.Unwrap(header, payload, out var fragment);
        if (!fault.IsNone)
            // The field block must be decoded whatever happens to its stream; ending the connection is simpler, and allowed.
            return fault with { IsStream = false };
        if ((header.Stream & 1) == 0)
            return Http2Fault.OfConnection(Http2ErrorCode.ProtocolError, $"a request on stream {header.Stream}; those of clients are odd (RFC 9113 section 5.1.1)");
        if (header.Has(Http2Flags.EndHeaders))
            return OnFields(header.Stream, header.Has(Http2Flags.EndStream), fragment);
        _blockStream = header.Stream;
        _blockEndsStream = header.Has(Http2Flags.EndStream);
        _blockSize = _fragments = 0;
        return AddFragment(fragment);
    }

    private Http2Fault OnContinuation(Http2FrameHeader header, ReadOnlySpan<byte> fragment)
    {
        if (_blockStream == 0)
            return Http2Fault.OfConnection(Http2ErrorCode.ProtocolError, "a CONTINUATION frame without a field block (RFC 9113 section 6.10)");
        var fault = AddFragment(fragment);
        if (!fault.IsNone || !header.Has(Http2Flags.EndHeaders))
            return fault;
        var stream = _blockStream;
        _blockStream = 0;
        fault = OnFields(stream, _blockEndsStream, _block.AsSpan(0, _blockSize));
        DropBlock();
        return fault;
    }

    private Http2Fault AddFragment(ReadOnlySpan<byte> fragment)
    {
        // Twice the limit of the head, which counts 32 bytes for each field: a block that is larger cannot become a head that is taken.
        var limit = Math.Max(2 * Limits.Head.HeadBytes, Http2Protocol.FrameBytes);
        if (_blockSize + fragment.Length > limit || ++_fragments > FragmentLimit)
            return Http2Fault.OfConnection(Http2ErrorCode.EnhanceYourCalm, $"a field block of more than {limit} bytes, or of more than {FragmentLimit} frames");
        if (_block is null || _block.Length < _blockSize + fragment.Length)
        {
            var larger = Transport.Reactor.Buffers.Rent(_blockSize + fragment.Length);
            _block.AsSpan(0, _blockSize).CopyTo(larger);
            if (_block is not null)
                Transport.Reactor.Buffers.Return(_block);
            _block = larger;
        }
        fragment.CopyTo(_block.AsSpan(_blockSize));
        _blockSize += fragment.Length;
        return default;
    }

    private void DropBlock()
    {
        if (_block is not null)
            Transport.Reactor.Buffers.Return(_block);
        _block = null;
    }

    private Http2Fault OnSettings(Http2FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Has(Http2Flags.Ack))
        {
            _hasAck = true;
            return Charge();
        }
        var before = _peer.InitialWindowSize;
        var fault = _peer.Apply(payload);
        if (!fault.IsNone)
            return fault;
        _hasSettings = true;
        Encoder.SetPeerTableSize(_peer.HeaderTableSize);
        var delta = (long)_peer.InitialWindowSize - before;
        for (var i = 0; delta != 0 && i < _streams.Capacity; i++)
        {
            if (_streams.At(i) is not { } stream)
                continue;
            if (!stream.TryOpenWindow(delta))
                return Http2Fault.OfConnection(Http2ErrorCode.FlowControlError, "a setting that makes a window larger than 2^31-1 (RFC 9113 section 6.9.2)");
            if (stream.Pending > 0 && stream.SendWindow > 0)
                _queue.Add(stream);
        }
        Output.Commit(Http2FrameWriter.SettingsAck(Output.Reserve(Http2FrameWriter.ControlBytes)));
        if (delta > 0)
            Pump();
        return Charge();
    }

    private Http2Fault OnPing(Http2FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (!header.Has(Http2Flags.Ack))
            Output.Commit(Http2FrameWriter.Ping(Output.Reserve(Http2FrameWriter.ControlBytes), payload, isAck: true));
        return Charge();
    }

    private Http2Fault OnWindowUpdate(int id, int increment)
    {
        if (id == 0)
        {
            if (increment == 0)
                return Http2Fault.OfConnection(Http2ErrorCode.ProtocolError, "a WINDOW_UPDATE of 0 (RFC 9113 section 6.9)");
            if (!_sendWindow.TryAdd(increment))
                return Http2Fault.OfConnection(Http2ErrorCode.FlowControlError, "the connection's window became larger than 2^31-1 (RFC 9113 section 6.9.1)");
            Pump();
            return Charge();
        }
        if (IsIdle(id))
            return Http2Fault.OfConnection(Http2ErrorCode.ProtocolError, $"a WINDOW_UPDATE on stream {id}, which was never opened (RFC 9113 section 5.1)");
        if (_streams.Find(id) is not { } stream)
            return Charge();
        if (increment == 0)
            return Http2Fault.OfStream(Http2ErrorCode.ProtocolError, "a WINDOW_UPDATE of 0 (RFC 9113 section 6.9)");
        if (!stream.TryOpenWindow(increment))
            return Http2Fault.OfStream(Http2ErrorCode.FlowControlError, "the stream's window became larger than 2^31-1 (RFC 9113 section 6.9.1)");
        if (stream.Pending > 0 && stream.SendWindow > 0)
        {
            _queue.Add(stream);
            Pump();
        }
        return Charge();
    }

    // RFC 9218 section 7.1. One that comes before its stream is ignored, which it allows.
    private Http2Fault OnPriorityUpdate(ReadOnlySpan<byte> payload)
    {
        var id = Http2FramePayload.Id(payload);
        if (id == 0)
            return Http2Fault.OfConnection(Http2ErrorCode.ProtocolError, "a PRIORITY_UPDATE for stream 0 (RFC 9218 section 7.1)");
        if (_streams.Find(id) is { } stream)
        {
            var isQueued = stream.QueuedLevel >= 0;
            _queue.Remove(stream);
            stream.Priority = Http2Priority.Parse(payload[4..]);
            if (isQueued)
                _queue.Add(stream);
        }
        return Charge();
    }
}
