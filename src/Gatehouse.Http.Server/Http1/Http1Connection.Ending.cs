namespace Gatehouse.Http.Server.Http1;

/// <summary>How requests end, and how the connection does: on to the next request, in order with what the client still sends read away, or dropped.</summary>
internal sealed partial class Http1Connection
{
    // An unread body up to here is read away to keep the connection; beyond it closing is cheaper. Kestrel drains for 5 s, nginx without bound.
    internal const long DrainLimit = 256 * 1024;

    // A drain that began while an answer was under way: that answer may have promised to keep the connection.
    private TimeSpan IdleTime => Owner.IsDraining ? HttpServer.IdleGrace : Limits.KeepAlive;

    /// <summary>The route under way and the client, for the watchdog's message: from another thread, so it may be a moment old.</summary>
    public override string ToString() => $"route {_exchange?.Notes.Route ?? "(none)"} for {Transport.RemoteEndpoint}";

    /// <summary>Drops the connection and resets the peer.</summary>
    public override void Kill()
    {
        if (IsBroken || _state == ConnectionState.Closed)
            return;
        Transport.Abort();
        OnBroken(0);
    }

    /// <summary>Closes a connection that waits for a request.</summary>
    public override void CloseIfIdle()
    {
        if (_state == ConnectionState.Idle && !Output.HasPending)
            Close();
    }

    // The exchange is answered, or cannot be. True when the connection goes on with the next request.
    private bool EndExchange()
    {
        var exchange = _exchange!;
        exchange.TellEnded();
        if (IsBroken || (!exchange.IsAnswered && exchange.Response.HasStarted))
        {
            // A reset, so that an answer which ends with the connection cannot be taken for complete.
            Transport.Abort();
            Close();
            return false;
        }
        if (!exchange.IsAnswered)
        {
            // The client ended its side inside its request. What it was answered before must still arrive, which a reset would prevent.
            Finish(mayHaveUnread: false);
            return false;
        }
        if (_state == ConnectionState.Tunnel)
        {
            Finish(mayHaveUnread: !exchange.HasClientEnded);
            return false;
        }
        if (!exchange.KeepsAlive)
        {
            Finish(mayHaveUnread: !exchange.Body.IsComplete || Input.Available > 0);
            return false;
        }
        if (!exchange.Body.IsComplete)
        {
            _isDrainingBody = true;
            Arm(Limits.LingerTime);
            if (!DrainStep())
                return false;
        }
        NextRequest();
        return true;
    }

    private void NextRequest()
    {
        ReleaseExchange();
        _isDrainingBody = false;
        Input.Unhold();
        _state = ConnectionState.Idle;
        Arm(IdleTime);
    }

    private void ReleaseExchange()
    {
        if (_exchange is not { } exchange)
            return;
        _exchange = null;
        exchange.End();
        // What a handler left behind on another thread may still come to take the end of its wait: then the next request gets another exchange.
        if (exchange.IsAtRest)
            Owner.ReturnExchange(exchange);
    }

    private void DrainBody()
    {
        if (!DrainStep())
            return;
        NextRequest();
        ReadRequests();
    }

    // Reads the rest of an unread body away. False when it must wait, or the connection ended.
    private bool DrainStep()
    {
        var body = _exchange!.Body;
        var scratch = Transport.Reactor.Buffers.Rent();
        var limit = _exchange.DrainedFrom + DrainLimit;
        try
        {
            while (!body.IsComplete)
            {
                var read = body.Received < limit ? body.Read(scratch, long.MaxValue) : 0;
                if (read == Http1RequestBody.WouldBlock)
                {
                    if (Output.HasPending)
                        TryFlush();
                    return false;
                }
                if (read == 0 && !body.IsComplete)
                {
                    Finish(mayHaveUnread: true);
                    return false;
                }
            }
            return true;
        }
        catch (BadRequestException)
        {
            Finish(mayHaveUnread: true);
            return false;
        }
        finally
        {
            Transport.Reactor.Buffers.Return(scratch);
        }
    }

    // Answers a request that never reached a handler, and ends the connection: its framing cannot be trusted.
    private void Refuse(int status, string reason)
    {
        Owner.Server.Events?.OnRefused(Transport.RemoteEndpoint, status, reason);
        Http1Refusal.Write(Output, status, Owner.Date.Line(Transport.Reactor.Now));
        Finish(mayHaveUnread: true);
    }

    // The client began with the preface of HTTP/2 (prior knowledge, RFC 9113 section 3.3): what it sent goes to a connection of that protocol.
    private void BecomeHttp2()
    {
        _state = ConnectionState.Closed;
        _isBroken = true;
        _timer.Release();
        ReleaseExchange();
        new Http2.Http2Connection(Owner, Transport, Limits, Input).Start();
        Owner.Remove(this);
    }

    // Sends what is pending, then closes; with unread bytes it half-closes and reads them away first, lest a reset overtake the answer (RFC 9112 section 9.6).
    private void Finish(bool mayHaveUnread)
    {
        if (_state == ConnectionState.Closed)
            return;
        _state = ConnectionState.Lingering;
        _isDrainingBody = false;
        ReleaseExchange();
        Input.Release();
        if (!TryFlush())
            return; // goes on in OnWritable
        if (!mayHaveUnread)
        {
            Close();
            return;
        }
        Transport.ShutdownWrite();
        Arm(Limits.LingerTime);
        Linger();
    }

    private void Linger()
    {
        var scratch = Transport.Reactor.Buffers.Rent();
        Net.Transports.IoResult result;
        do
        {
            result = Read(scratch);
        }
        while (result.IsDone);
        Transport.Reactor.Buffers.Return(scratch);
        // A client that has ended its side still reads what is not sent yet.
        if (!result.IsWouldBlock && !(result.IsEndOfStream && Output.HasPending))
            Close();
    }

    private void Close()
    {
        if (_state == ConnectionState.Closed)
            return;
        _state = ConnectionState.Closed;
        _isBroken = true;
        _timer.Release();
        Transport.Close();
        Input.Release();
        Output.Break(0);
        ReleaseExchange();
        Owner.Remove(this);
    }
}
