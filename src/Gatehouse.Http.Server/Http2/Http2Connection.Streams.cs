using Gatehouse.Protocols.Http2;

namespace Gatehouse.Http.Server.Http2;

/// <summary>The streams: opened by a field block, given to the handler, and ended by an answer, a reset or a fault.</summary>
internal sealed partial class Http2Connection
{
    // Streams that this side has reset, and on which the client may have sent before it heard of that.
    private const int Remembered = 16;

    private readonly Http2StreamTable<Http2Exchange> _streams = new();
    private readonly int[] _resetHere = new int[Remembered];
    private Http2FieldSection? _discarded;
    private int _resets;
    private int _lastStream;
    private int _active;
    private int _requests;

    /// <summary>The handler ended outside the loop that reads frames.</summary>
    public void OnHandlerCompleted(Http2Exchange stream)
    {
        EndStream(stream);
        if (_isClosed)
            return;
        if (!_isLingering && !_isBroken)
            FlushSoon();
        if (_active == 0)
            NoteIdle();
    }

    /// <summary>Ends a stream before its time.</summary>
    public void ResetStream(Http2Exchange stream, Http2ErrorCode code)
    {
        WriteReset(stream.Stream, code);
        Forget(stream);
        stream.Reset();
        FlushSoon();
    }

    /// <summary>Ends a stream whose client does not take the answer.</summary>
    public void DropReader(Http2Exchange stream, string reason)
    {
        stream.Notes.Failure = reason;
        Owner.Server.Events?.OnRefused(Transport.RemoteEndpoint, 0, reason);
        ResetStream(stream, Http2ErrorCode.Cancel);
        if (!ChargeReset().IsNone)
            Fail(Http2ErrorCode.EnhanceYourCalm, reason);
    }

    private bool IsIdle(int id) => (id & 1) == 0 || id > _lastStream;

    // The field block of a stream is whole. It is decoded whatever becomes of it, as the next ones build on its table.
    private Http2Fault OnFields(int id, bool isEnd, ReadOnlySpan<byte> block)
    {
        if (_streams.Find(id) is { } open)
            return OnTrailers(open, isEnd, block);
        if (id <= _lastStream)
        {
            var fault = Discard(block);
            return fault.IsNone ? OnClosedStream(id, "HEADERS") : fault;
        }
        _lastStream = id;
        if (_goAwaySent)
            return Discard(block);
        if (_active >= Limits.Streams)
        {
            var fault = Discard(block);
            return fault.IsNone ? Http2Fault.OfStream(Http2ErrorCode.RefusedStream, $"more than {Limits.Streams} requests at a time") : fault;
        }
        return Open(id, isEnd, block);
    }

    private Http2Fault Open(int id, bool isEnd, ReadOnlySpan<byte> block)
    {
        var stream = Owner.RentStream();
        stream.Section.Begin(Http2SectionKind.Request, Limits.Head);
        var fault = _decoder.Decode(block, stream.Section);
        if (fault.IsNone && !stream.TryOpen(this, id, isEnd, out var malformed))
            fault = Http2Fault.OfStream(Http2ErrorCode.ProtocolError, malformed!);
        if (!fault.IsNone)
        {
            stream.End();
            Owner.ReturnStream(stream);
            return fault;
        }
        _guard.EarnControl();
        _active++;
        _streams.Add(id, stream);
        if (Limits.RequestsPerConnection > 0 && ++_requests == Limits.RequestsPerConnection)
            OnDrain();
        if (stream.Run())
        {
            EndStream(stream);
            if (_active == 0)
                NoteIdle();
        }
        return default;
    }

    private Http2Fault OnTrailers(Http2Exchange stream, bool isEnd, ReadOnlySpan<byte> block)
    {
        stream.TrailerSection.Begin(Http2SectionKind.Trailers, Limits.Head);
        var isLate = stream.IsRemoteClosed;
        var fault = isLate ? Discard(block) : _decoder.Decode(block, stream.TrailerSection);
        if (!fault.IsNone)
            return fault;
        if (isLate)
            return Http2Fault.OfStream(Http2ErrorCode.StreamClosed, "HEADERS behind the end of their stream (RFC 9113 section 5.1)");
        if (!isEnd)
            return Http2Fault.OfStream(Http2ErrorCode.ProtocolError, "trailers that do not end their stream (RFC 9113 section 8.1)");
        return stream.OnTrailers();
    }

    private Http2Fault OnReset(int id, Http2ErrorCode code)
    {
        if (IsIdle(id))
            return Http2Fault.OfConnection(Http2ErrorCode.ProtocolError, $"a RST_STREAM on stream {id}, which was never opened (RFC 9113 section 5.1)");
        if (_streams.Find(id) is not { } stream)
            return Charge();
        stream.Notes.Failure ??= $"the client reset the stream ({code})";
        Forget(stream);
        stream.Reset();
        return ChargeReset();
    }

    // A frame for a stream that is over: the client may not know yet that this side ended it; else it is a fault.
    private Http2Fault OnClosedStream(int id, string frame)
    {
        if (IsIdle(id))
            return Http2Fault.OfConnection(Http2ErrorCode.ProtocolError, $"{frame} on stream {id}, which was never opened (RFC 9113 section 5.1)");
        if (_goAwaySent || _resetHere.AsSpan().Contains(id))
            return default;
        return Http2Fault.OfStream(Http2ErrorCode.StreamClosed, $"{frame} on stream {id}, which is closed (RFC 9113 section 5.1)");
    }

    // A fault of one stream: the client is told, and the handler if there is one. False when the connection ends.
    private bool FailStream(int id, Http2Fault fault)
    {
        Owner.Server.Events?.OnRefused(Transport.RemoteEndpoint, 0, fault.Reason!);
        var stream = _streams.Find(id);
        WriteReset(id, fault.Code);
        if (stream is not null)
        {
            stream.Notes.Failure ??= fault.Reason;
            Forget(stream);
            stream.Reset();
        }
        fault = ChargeReset();
        return fault.IsNone || Fail(fault);
    }

    private Http2Fault Discard(ReadOnlySpan<byte> block)
    {
        _discarded ??= new Http2FieldSection();
        _discarded.Begin(Http2SectionKind.Trailers, Limits.Head);
        return _decoder.Decode(block, _discarded);
    }

    private void WriteReset(int id, Http2ErrorCode code)
    {
        _resetHere[_resets++ & (Remembered - 1)] = id;
        Output.Commit(Http2FrameWriter.RstStream(Output.Reserve(Http2FrameWriter.ControlBytes), id, code));
    }

    private void Forget(Http2Exchange stream)
    {
        _queue.Remove(stream);
        _streams.Remove(stream.Stream);
    }

    // The handler is done with the stream. What is left of either side ends with it.
    private void EndStream(Http2Exchange stream)
    {
        stream.TellEnded();
        if (!stream.IsAborted)
        {
            if (!stream.IsAnswered)
                WriteReset(stream.Stream, Http2ErrorCode.InternalError);
            else if (!stream.IsLocalClosed)
                WriteData(stream, 0, isEnd: true);
            // The client may stop sending a body that nobody reads (RFC 9113 section 8.1).
            if (stream.IsAnswered && !stream.IsRemoteClosed)
                WriteReset(stream.Stream, Http2ErrorCode.NoError);
        }
        Forget(stream);
        stream.End();
        if (stream.IsAtRest)
            Owner.ReturnStream(stream);
        _active--;
        if (_active == 0 && _isBroken && !_isLingering && !_isClosed)
            Close();
    }

    private void NoteIdle()
    {
        _idleSince = Now;
        if (_isClosed || _isLingering || _isBroken)
            return;
        if (_goAwaySent)
            Finish();
        else
            ArmBy(_idleSince + Milliseconds(Limits.KeepAlive));
    }
}
