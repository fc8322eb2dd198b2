using Gatehouse.Net.Buffers;
using Gatehouse.Net.Timers;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Http.Server.Http1;

/// <summary>
/// Drives HTTP/1 over one transport: reads heads, gives each to the handler, sends the answers in order, and ends the connection. A state machine on
/// its reactor (see <see cref="ConnectionState"/>); nothing here is async, the handler's task is the only one there is.
/// </summary>
internal sealed class Http1Connection : ITransportEvents, ITimerTarget
{
    // Answers to pipelined requests gather up to here before they must go out; the rest of a 16 KB buffer is room for one more head and small body.
    private const int GatherLimit = 8 * 1024;

    // An unread body up to here is read away to keep the connection; beyond it closing is cheaper. Kestrel drains for 5 s, nginx without bound.
    private const long DrainLimit = 256 * 1024;

    private readonly ServerReactor _owner;
    private readonly ServerLimits _limits;
    private readonly ReactorTimer _timer;
    private Http1Exchange? _exchange;
    private long _blockedSince;
    private long _blockedSent;
    private int _requests;
    private ConnectionState _state;
    private bool _isReading;
    private bool _isDrainingBody;

    public Http1Connection(ServerReactor owner, Transport transport, ServerLimits limits)
    {
        _owner = owner;
        _limits = limits;
        Transport = transport;
        Input = new InputBuffer(transport);
        Output = new OutputBuffer(transport);
        _timer = new ReactorTimer(transport.Reactor, this);
    }

    public Transport Transport { get; }

    public InputBuffer Input { get; }

    public OutputBuffer Output { get; }

    public ServerLimits Limits => _limits;

    public ServerReactor Owner => _owner;

    /// <summary>True while a handler runs inside the loop below, which flushes when it is done: the exchange need not.</summary>
    public bool IsDispatching { get; private set; }

    /// <summary>True once the transport broke or was closed.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Neighbours in the list of <see cref="ServerReactor"/>.</summary>
    public Http1Connection? Next { get; set; }

    /// <inheritdoc cref="Next"/>
    public Http1Connection? Previous { get; set; }

    /// <summary>Takes the connection into service and tries to read at once.</summary>
    public void Start()
    {
        Transport.Events = this;
        _owner.Add(this);
        Arm(_limits.HeadTime);
        ReadRequests();
    }

    public void OnReadable()
    {
        switch (_state)
        {
            case ConnectionState.Idle or ConnectionState.Head:
                ReadRequests();
                break;
            case ConnectionState.Handling when _isDrainingBody:
                DrainBody();
                break;
            case ConnectionState.Handling or ConnectionState.Tunnel:
                _exchange!.OnReadable();
                break;
            case ConnectionState.Lingering:
                Linger();
                break;
        }
    }

    public void OnWritable()
    {
        if (_state == ConnectionState.Closed)
            return;
        if (!TryFlush())
            return;
        switch (_state)
        {
            case ConnectionState.Idle or ConnectionState.Head:
                Arm(_state == ConnectionState.Idle ? _limits.KeepAlive : _limits.HeadTime);
                ReadRequests();
                break;
            case ConnectionState.Handling or ConnectionState.Tunnel:
                _exchange!.OnFlushed();
                break;
            case ConnectionState.Lingering:
                Finish(mayHaveUnread: true);
                break;
        }
    }

    public void OnBroken(int errno)
    {
        if (IsBroken)
            return;
        IsBroken = true;
        Output.Break(errno);
        if (_state is ConnectionState.Handling or ConnectionState.Tunnel && !_isDrainingBody)
            _exchange!.OnBroken();
        else
            Close();
    }

    public void OnTimer()
    {
        switch (_state)
        {
            case ConnectionState.Idle:
                Close();
                break;
            case ConnectionState.Head:
                Refuse(408, $"the request's head did not arrive within {_limits.HeadTime.TotalSeconds:0.#} s");
                break;
            case ConnectionState.Handling when _isDrainingBody:
                Finish(mayHaveUnread: true);
                break;
            case ConnectionState.Handling or ConnectionState.Tunnel:
                _exchange!.OnTimer();
                break;
            case ConnectionState.Lingering:
                Close();
                break;
        }
    }

    /// <summary>Sets the one deadline of the connection; what it means depends on the state.</summary>
    public void Arm(TimeSpan time) => _timer.Arm((long)time.TotalMilliseconds);

    /// <summary>Receives more input while an exchange runs, keeping its head's views right when bytes move.</summary>
    public IoResult FillInput()
    {
        var before = Input.Buffer;
        var result = Input.Fill(out var moved);
        if (moved != 0 || !ReferenceEquals(before, Input.Buffer))
            _exchange!.Rebase(Input.Buffer, moved);
        return result;
    }

    /// <summary>The exchange switched protocols: raw bytes from now on.</summary>
    public void EnterTunnel() => _state = ConnectionState.Tunnel;

    /// <summary>Drops the connection and resets the peer.</summary>
    public void Kill()
    {
        if (IsBroken || _state == ConnectionState.Closed)
            return;
        Transport.Abort();
        OnBroken(0);
    }

    /// <summary>Closes a connection that waits for a request.</summary>
    public void CloseIfIdle()
    {
        if (_state == ConnectionState.Idle && !Output.HasPending)
            Close();
    }

    /// <summary>
    /// The handler's task is complete; on the reactor. Goes on with the next request unless <see cref="ReadRequests"/> is still on the stack.
    /// </summary>
    public void OnHandlerCompleted()
    {
        if (EndExchange() && !_isReading)
            ReadRequests();
    }

    // Reads and answers until bytes run out, the output is full, a handler waits, or the connection ends.
    private void ReadRequests()
    {
        _isReading = true;
        while (_state is ConnectionState.Idle or ConnectionState.Head)
        {
            if (Input.Available > 0)
            {
                _exchange ??= _owner.RentExchange();
                var status = _exchange.Parse(Input, _limits.Head, out var headEnd);
                if (status == ParseStatus.Done)
                {
                    if (Output.Buffered > GatherLimit && !TryFlush())
                        break;
                    Input.Hold(headEnd);
                    Dispatch();
                    continue;
                }
                if (status == ParseStatus.Failed)
                {
                    Refuse(_exchange.ParseError!.Status, _exchange.ParseError.Message);
                    break;
                }
                if (_state == ConnectionState.Idle)
                {
                    _state = ConnectionState.Head;
                    Arm(_limits.HeadTime);
                }
            }
            if (Output.HasPending && !TryFlush())
                break;
            if (!Receive())
                break;
        }
        _isReading = false;
    }

    /// <summary>Sends what is pending. False when it must wait (<see cref="OnWritable"/> follows, the deadline is set) or the connection broke.</summary>
    public bool TryFlush()
    {
        var before = Output.Sent;
        if (Output.Flush())
        {
            _blockedSince = 0;
            return true;
        }
        if (Output.Errno != 0)
            OnBroken(Output.Errno);
        else
            NoteBlocked(before);
        return false;
    }

    // A reader that takes a little now and then renews the time-out between writes each time; the average rate while it holds us up ends that.
    private void NoteBlocked(long sentBefore)
    {
        var now = Transport.Reactor.Now;
        if (_blockedSince == 0)
        {
            _blockedSince = now;
            _blockedSent = sentBefore;
        }
        var blocked = now - _blockedSince;
        if (blocked > _limits.RateGrace.TotalMilliseconds && (Output.Sent - _blockedSent) * 1000 < _limits.MinimumRate * blocked)
        {
            _owner.Server.Events?.OnRefused(Transport.RemoteEndpoint, 0, $"the client took the answer at less than {_limits.MinimumRate} bytes per second");
            Kill();
            return;
        }
        Arm(_limits.WriteTime);
    }

    private bool Receive()
    {
        var result = Input.Fill(out var moved);
        if (moved != 0)
            _exchange?.RebaseParser(Input.Buffer, moved);
        if (result.IsDone)
            return true;
        if (result.IsWouldBlock)
            return false;
        // A client that ends its side between requests, or gives up inside a head, gets no answer: nobody is there to read it.
        IsBroken = result.IsFailure;
        Close();
        return false;
    }

    private void Dispatch()
    {
        var exchange = _exchange!;
        _state = ConnectionState.Handling;
        _requests++;
        var keepAlive = !_owner.IsDraining && (_limits.RequestsPerConnection == 0 || _requests < _limits.RequestsPerConnection);
        IsDispatching = true;
        var isCompleted = exchange.Run(this, keepAlive);
        IsDispatching = false;
        if (isCompleted)
            EndExchange();
        else if (Output.HasPending)
            TryFlush();
    }

    // The exchange is answered, or cannot be. True when the connection goes on with the next request.
    private bool EndExchange()
    {
        var exchange = _exchange!;
        if (IsBroken || !exchange.IsAnswered)
        {
            if (!IsBroken)
                Transport.Abort();
            Close();
            return false;
        }
        if (_state == ConnectionState.Tunnel || !exchange.KeepsAlive)
        {
            Finish(mayHaveUnread: !exchange.Body.IsComplete || Input.Available > 0);
            return false;
        }
        if (!exchange.Body.IsComplete)
        {
            _isDrainingBody = true;
            Arm(_limits.LingerTime);
            if (!DrainStep())
                return false;
        }
        NextRequest();
        return true;
    }

    private void NextRequest()
    {
        _exchange!.End();
        _owner.ReturnExchange(_exchange);
        _exchange = null;
        _isDrainingBody = false;
        Input.Unhold();
        _state = ConnectionState.Idle;
        Arm(_limits.KeepAlive);
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
        _owner.Server.Events?.OnRefused(Transport.RemoteEndpoint, status, reason);
        Http1Refusal.Write(Output, status, _owner.Date.Line(Transport.Reactor.Now));
        Finish(mayHaveUnread: true);
    }

    // Sends what is pending, then closes; with unread bytes it half-closes and reads them away first, lest a reset overtake the answer (RFC 9112 section 9.6).
    private void Finish(bool mayHaveUnread)
    {
        if (_state == ConnectionState.Closed)
            return;
        _state = ConnectionState.Lingering;
        _isDrainingBody = false;
        if (!TryFlush())
            return; // goes on in OnWritable
        if (!mayHaveUnread)
        {
            Close();
            return;
        }
        Transport.ShutdownWrite();
        Arm(_limits.LingerTime);
        Linger();
    }

    private void Linger()
    {
        var scratch = Transport.Reactor.Buffers.Rent();
        IoResult result;
        do
        {
            result = Transport.Read(scratch);
        }
        while (result.IsDone);
        Transport.Reactor.Buffers.Return(scratch);
        if (!result.IsWouldBlock)
            Close();
    }

    private void Close()
    {
        if (_state == ConnectionState.Closed)
            return;
        _state = ConnectionState.Closed;
        IsBroken = true;
        _timer.Release();
        Transport.Close();
        Input.Release();
        Output.Break(0);
        if (_exchange is not null)
        {
            _exchange.End();
            _owner.ReturnExchange(_exchange);
            _exchange = null;
        }
        _owner.Remove(this);
    }
}
