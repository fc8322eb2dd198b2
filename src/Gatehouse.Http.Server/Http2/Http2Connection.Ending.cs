using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Http2;

namespace Gatehouse.Http.Server.Http2;

/// <summary>How the connection ends: in order, for a fault of the client's, or with its transport.</summary>
internal sealed partial class Http2Connection
{
    private bool _isDraining;
    private bool _goAwaySent;

    /// <summary>
    /// Tells the client to open no further stream, and takes those that it has opened until it heard of that (RFC 9113 section 6.8): the first of two GOAWAY
    /// names every stream, the second, a moment later, the last that was taken.
    /// </summary>
    public override void OnDrain()
    {
        if (_isDraining || _isLingering || _isBroken)
            return;
        _isDraining = true;
        WriteGoAway(int.MaxValue, Http2ErrorCode.NoError);
        FlushSoon();
        _goAwayAt = Now + Milliseconds(HttpServer.IdleGrace);
        ArmBy(_goAwayAt);
    }

    public override void CloseIfIdle()
    {
        // The connection keeps the moment itself, as it may have begun after the others'.
    }

    public override void Kill()
    {
        if (_isClosed)
            return;
        Transport.Abort();
        Output.Break(0);
        if (!_isBroken)
            AbortStreams();
        Close();
    }

    private void EndDrain()
    {
        _goAwayAt = long.MaxValue;
        GoAway();
    }

    // The last word: what was taken is answered, then the connection ends.
    private void GoAway()
    {
        if (_goAwaySent)
            return;
        _goAwaySent = true;
        WriteGoAway(_lastStream, Http2ErrorCode.NoError);
        if (_active == 0)
            Finish();
        else
            FlushSoon();
    }

    private bool Fail(Http2ErrorCode code, string reason) => Fail(Http2Fault.OfConnection(code, reason));

    // A fault of the client's that the connection does not survive. Always false, for callers who say so to theirs.
    private bool Fail(Http2Fault fault)
    {
        if (_isBroken || _isLingering)
            return false;
        Owner.Server.Events?.OnRefused(Transport.RemoteEndpoint, 0, fault.Reason!);
        WriteGoAway(_lastStream, fault.Code);
        _goAwaySent = true;
        // First, so that the end of the last stream does not close what still has to be sent.
        _isLingering = true;
        AbortStreams();
        SendLast();
        return false;
    }

    private void DropConnection(string reason)
    {
        Owner.Server.Events?.OnRefused(Transport.RemoteEndpoint, 0, reason);
        Kill();
    }

    private void WriteGoAway(int last, Http2ErrorCode code) =>
        Output.Commit(Http2FrameWriter.GoAway(Output.Reserve(Http2FrameWriter.ControlBytes), last, code));

    // No stream goes on; each handler is told. One that ends may let others end, so the table is looked at anew each time.
    private void AbortStreams()
    {
        _isBroken = true;
        for (var i = 0; i < _streams.Capacity;)
        {
            if (_streams.At(i) is not { } stream)
            {
                i++;
                continue;
            }
            Forget(stream);
            stream.Reset();
            i = 0;
        }
    }

    private void Finish()
    {
        if (_isClosed || _isLingering)
            return;
        _isLingering = true;
        SendLast();
    }

    // Sends what is pending, half-closes, and reads away what the client still sends, lest a reset overtake the last answers.
    private void SendLast()
    {
        _input.Release();
        DropBlock();
        if (TryFlush())
            FinishFlushed();
    }

    private void FinishFlushed()
    {
        if (_isClosed)
            return;
        Transport.ShutdownWrite();
        if (_lingerUntil == long.MaxValue)
            _lingerUntil = Now + Milliseconds(Limits.LingerTime);
        ArmBy(_lingerUntil);
        Linger();
    }

    private void Linger()
    {
        var scratch = Transport.Reactor.Buffers.Rent();
        IoResult result;
        do
        {
            if (_receiveBudget <= 0)
            {
                Defer();
                result = IoResult.WouldBlock;
                break;
            }
            result = Transport.Read(scratch);
            _receiveBudget -= result.Count;
        }
        while (result.IsDone);
        Transport.Reactor.Buffers.Return(scratch);
        if (!result.IsWouldBlock && !Output.HasPending)
            Close();
    }

    private void Close()
    {
        if (_isClosed)
            return;
        _isClosed = _isBroken = true;
        _timer.Release();
        Transport.Close();
        _input.Release();
        DropBlock();
        Output.Break(0);
        Owner.Remove(this);
    }
}
