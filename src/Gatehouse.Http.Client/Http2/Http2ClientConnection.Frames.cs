using Gatehouse.Protocols.Http2;

namespace Gatehouse.Http.Client.Http2;

/// <content>What comes in.</content>
internal sealed partial class Http2ClientConnection
{
    private const int FragmentLimit = 64;

    private byte[]? _block;
    private int _blockSize;
    private int _blockStream;
    private int _fragments;
    private bool _blockEndsStream;
    private Http2FieldSection? _discarded;
    private Http2ClientStream? _waitsFor;

    /// <summary>A stream has taken an interim head: frames behind it may be read.</summary>
    public void GoOn(Http2ClientStream stream)
    {
        if (!ReferenceEquals(_waitsFor, stream))
            return;
        _waitsFor = null;
        // In a turn of its own: the stream's owner is still on the stack.
        _receiveBudget = 0;
        FlushSoon();
    }

    // False when the connection ends, or frames must wait.
    private bool TakeFrames()
    {
        while (Http2FrameHeader.TryRead(_input.Unused, out var header))
        {
            var fault = header.Check();
            if (!fault.IsNone && !fault.IsStream)
                return Fail(fault);
            if (_blockStream != 0 && (header.Type != Http2FrameType.Continuation || header.Stream != _blockStream))
                return Fail(Http2Fault.OfConnection(Http2ErrorCode.ProtocolError, $"a {header.Type} frame inside a field block (RFC 9113 section 6.10)"));
            if (!_hasSettings && header.Type != Http2FrameType.Settings)
                return Fail(Http2Fault.OfConnection(Http2ErrorCode.ProtocolError, $"a {header.Type} frame first; expected SETTINGS (RFC 9113 section 3.4)"));
            if (_input.Available - Http2Protocol.HeaderBytes < header.Length)
                return true;
            // The interim head before this one has not been looked at: nothing is read over it.
            if (header.Type is Http2FrameType.Headers or Http2FrameType.Data && _streams.Find(header.Stream) is { TakesHead: false, HasFinalHead: false } stream)
            {
                _waitsFor = stream;
                return false;
            }
            var start = _input.Start + Http2Protocol.HeaderBytes;
            var payload = new ReadOnlySpan<byte>(_input.Buffer, start, header.Length);
            _input.Consume(Http2Protocol.HeaderBytes + header.Length);
            fault = fault.IsNone ? Take(header, payload) : fault;
            if (!fault.IsNone && !(fault.IsStream ? FailStream(header.Stream, fault) : Fail(fault)))
                return false;
            if (_isClosed)
                return false;
            if (Output.Buffered > OutputLimit && !TryFlush())
                return false;
        }
        return true;
    }

    private Http2Fault Take(Http2FrameHeader header, ReadOnlySpan<byte> payload)
    {
        switch (header.Type)
        {
            case Http2FrameType.Data:
                return OnData(header, payload);
            case Http2FrameType.Headers:
                return OnHeaders(header, payload);
            case Http2FrameType.Continuation:
                return OnContinuation(header, payload);
            case Http2FrameType.RstStream:
                return OnReset(header.Stream, Http2FramePayload.ErrorCode(payload));
            case Http2FrameType.Settings:
                return OnSettings(header, payload);
            case Http2FrameType.Ping:
                if (!header.Has(Http2Flags.Ack))
                    Output.Commit(Http2FrameWriter.Ping(Output.Reserve(Http2FrameWriter.ControlBytes), payload, isAck: true));
                return Charge();
            case Http2FrameType.GoAway:
                OnGoAway(Http2FramePayload.Id(payload), Http2FramePayload.ErrorCode(payload, 4));
                return default;
            case Http2FrameType.WindowUpdate:
                return OnWindowUpdate(header.Stream, Http2FramePayload.Id(payload));
            default:
                return Charge();
        }
    }

    private Http2Fault Charge() =>
        _guard.TakeControl(_pool.Reactor.Now) ? default : Http2Fault.OfConnection(Http2ErrorCode.EnhanceYourCalm, "more control frames, or frames without effect, than go with what was done");

    private Http2Fault OnData(Http2FrameHeader header, ReadOnlySpan<byte> payload)
    {
        var fault = Http2FramePayload.Unwrap(header, payload, out var content);
        if (!fault.IsNone)
            return fault;
        if (!_receiveWindow.TryTake(header.Length))
            return Http2Fault.OfConnection(Http2ErrorCode.FlowControlError, "more data than the connection's window (RFC 9113 section 6.9.1)");
        if (content.IsEmpty && !header.Has(Http2Flags.EndStream))
            fault = Charge();
        else
            _guard.EarnControl();
        if (!fault.IsNone)
            return fault;
        if (_streams.Find(header.Stream) is not { } stream)
        {
            Acknowledge(header.Length);
            return Unknown(header.Stream);
        }
        fault = stream.IsRemoteClosed
            ? Http2Fault.OfStream(Http2ErrorCode.StreamClosed, "DATA behind the end of its stream (RFC 9113 section 5.1)")
            : stream.OnData(content, header.Length, header.Has(Http2Flags.EndStream));
        if (!fault.IsNone)
            Acknowledge(header.Length);
        return fault;
    }

    private Http2Fault OnHeaders(Http2FrameHeader header, ReadOnlySpan<byte> payload)
    {
        var fault = Http2FramePayload.Unwrap(header, payload, out var fragment);
        if (!fault.IsNone)
            return fault with { IsStream = false };
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
        var limit = Math.Max(2 * _pool.Limits.HeadBytes, Http2Protocol.FrameBytes);
        if (_blockSize + fragment.Length > limit || ++_fragments > FragmentLimit)
            return Http2Fault.OfConnection(Http2ErrorCode.EnhanceYourCalm, $"a field block of more than {limit} bytes, or of more than {FragmentLimit} frames");
        if (_block is null || _block.Length < _blockSize + fragment.Length)
        {
            var larger = _pool.Reactor.Buffers.Rent(_blockSize + fragment.Length);
            _block.AsSpan(0, _blockSize).CopyTo(larger);
            DropBlock();
            _block = larger;
        }
        fragment.CopyTo(_block.AsSpan(_blockSize));
        _blockSize += fragment.Length;
        return default;
    }

    private void DropBlock()
    {
        if (_block is not null)
            _pool.Reactor.Buffers.Return(_block);
        _block = null;
    }

    private Http2Fault OnFields(int id, bool isEnd, ReadOnlySpan<byte> block)
    {
        if (_streams.Find(id) is not { } stream)
        {
            _discarded ??= new Http2FieldSection();
            _discarded.Begin(Http2SectionKind.Trailers, _pool.Limits);
            var discarded = _decoder.Decode(block, _discarded);
            return discarded.IsNone ? Unknown(id) : discarded;
        }
        _guard.EarnControl();
        var isTrailers = stream.HasFinalHead;
        var section = isTrailers ? stream.TrailerSection : stream.Response;
        section.Begin(isTrailers ? Http2SectionKind.Trailers : Http2SectionKind.Response, _pool.Limits);
        var fault = _decoder.Decode(block, section);
        if (!fault.IsNone)
            return fault;
        if (stream.IsRemoteClosed)
            return Http2Fault.OfStream(Http2ErrorCode.StreamClosed, "HEADERS behind the end of their stream (RFC 9113 section 5.1)");
        return isTrailers ? stream.OnTrailers(isEnd) : stream.OnHead(isEnd);
    }

    private Http2Fault OnReset(int id, Http2ErrorCode code)
    {
        if (_streams.Find(id) is not { } stream)
            return IsIdle(id) ? Unknown(id) : Charge();
        // A whole answer may come before the request's body was read; the server then asks this side to stop (RFC 9113 section 8.1).
        if (stream.IsRemoteClosed && code == Http2ErrorCode.NoError)
        {
            _streams.Remove(id);
            stream.OnStopped();
            NoteIdle();
            return default;
        }
        _streams.Remove(id);
        stream.OnOver(code == Http2ErrorCode.RefusedStream
            ? new ClientException(ClientFault.Refused, $"{_pool.Endpoint} did not take the request up (REFUSED_STREAM)")
            : new ClientException(stream.HasFinalHead ? ClientFault.Truncated : ClientFault.BadResponse, $"{_pool.Endpoint} reset the request's stream ({code})"));
        NoteIdle();
        return default;
    }

    private Http2Fault OnSettings(Http2FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Has(Http2Flags.Ack))
            return Charge();
        var before = _peer.InitialWindowSize;
        var fault = _peer.Apply(payload);
        if (!fault.IsNone)
            return fault;
        var isFirst = !_hasSettings;
        _hasSettings = true;
        _pool.StreamsAtFirst = _peer.MaxConcurrentStreams;
        Encoder.SetPeerTableSize(_peer.HeaderTableSize);
        var delta = (long)_peer.InitialWindowSize - before;
        for (var i = 0; delta != 0 && i < _streams.Capacity; i++)
        {
            if (_streams.At(i) is not { } stream)
                continue;
            if (!stream.TryOpenWindow(delta))
                return Http2Fault.OfConnection(Http2ErrorCode.FlowControlError, "a setting that makes a window larger than 2^31-1 (RFC 9113 section 6.9.2)");
            if (stream.Pending > 0 && stream.SendWindow > 0)
                Queue(stream);
        }
        Output.Commit(Http2FrameWriter.SettingsAck(Output.Reserve(Http2FrameWriter.ControlBytes)));
        if (isFirst)
            TellReady(withSettings: true);
        Pump();
        return Charge();
    }

    // Streams behind the last that the server took up were not looked at (RFC 9113 section 6.8).
    private void OnGoAway(int last, Http2ErrorCode code)
    {
        _isLeaving = true;
        for (var i = 0; i < _streams.Capacity;)
        {
            if (_streams.At(i) is not { } stream || stream.Id <= last)
            {
                i++;
                continue;
            }
            _streams.Remove(stream.Id);
            stream.OnOver(new ClientException(ClientFault.Refused, $"{_pool.Endpoint} did not take the request up (GOAWAY, {code})"));
            i = 0;
        }
        NoteIdle();
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
        if (_streams.Find(id) is not { } stream)
            return IsIdle(id) ? Unknown(id) : Charge();
        if (increment == 0)
            return Http2Fault.OfStream(Http2ErrorCode.ProtocolError, "a WINDOW_UPDATE of 0 (RFC 9113 section 6.9)");
        if (!stream.TryOpenWindow(increment))
            return Http2Fault.OfStream(Http2ErrorCode.FlowControlError, "the stream's window became larger than 2^31-1 (RFC 9113 section 6.9.1)");
        if (stream.Pending > 0 && stream.SendWindow > 0)
        {
            Queue(stream);
            Pump();
        }
        return Charge();
    }

    private bool IsIdle(int id) => (id & 1) == 0 || id >= _nextId;

    private Http2Fault Unknown(int id) => IsIdle(id)
        ? Http2Fault.OfConnection(Http2ErrorCode.ProtocolError, $"a frame on stream {id}, which was never opened (RFC 9113 section 5.1)")
        // What was on its way when this side ended the stream.
        : default;

    private bool FailStream(int id, Http2Fault fault)
    {
        WriteReset(id, fault.Code);
        if (_streams.Find(id) is { } stream)
        {
            _streams.Remove(id);
            stream.OnOver(new ClientException(ClientFault.BadResponse, $"{_pool.Endpoint} sent a malformed response: {fault.Reason}"));
        }
        NoteIdle();
        return !_isClosed;
    }

    private bool Fail(Http2Fault fault)
    {
        GoAway(fault.Code, new ClientException(ClientFault.BadResponse, $"{_pool.Endpoint} broke the rules of HTTP/2: {fault.Reason}"));
        return false;
    }
}
