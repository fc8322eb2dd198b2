using Gatehouse.Net.Buffers;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Http.Server.Http1;

/// <summary>
/// Drives HTTP/1 over one transport: reads heads, gives each to the handler, sends the answers in order, and ends the connection. A state machine on
/// its reactor (see <see cref="ConnectionState"/>); nothing here is async, the handler's task is the only one there is. The parts beside this one move
/// bytes, and end requests and the connection.
/// </summary>
internal sealed partial class Http1Connection : ServerConnection, ITransportEvents, ITimerTarget, IReactorWork
{
    // Answers to pipelined requests gather up to here before they must go out; the rest of a 16 KB buffer is room for one more head and small body.
    private const int GatherLimit = 8 * 1024;

    private readonly ReactorTimer _timer;
    private Http1Exchange? _exchange;
    private int _requests;
    private ConnectionState _state;
    private volatile bool _isBroken;
    private bool _isReading;
    private bool _isDrainingBody;

    public Http1Connection(ServerReactor owner, Transport transport, ServerLimits limits)
        : base(owner, transport, limits)
    {
        Input = new InputBuffer(transport);
        Output = new OutputBuffer(transport);
        _timer = new ReactorTimer(transport.Reactor, this);
    }

    public InputBuffer Input { get; }

    public OutputBuffer Output { get; }

    /// <summary>True while a handler runs inside the loop below, which flushes when it is done: the exchange need not.</summary>
    public bool IsDispatching { get; private set; }

    /// <summary>True once the transport broke or was closed. From any thread.</summary>
    public bool IsBroken => _isBroken;

    // A handler has the exchange, and with it the transport's events.
    private bool IsHandling => _state is ConnectionState.Handling or ConnectionState.Tunnel && !_isDrainingBody;

    /// <summary>Takes the connection into service and tries to read at once.</summary>
    public void Start()
    {
        Transport.Events = this;
        Owner.Add(this);
        Arm(Owner.IsDraining ? HttpServer.IdleGrace : Limits.HeadTime);
        ReadRequests();
    }

    public void OnReadable()
    {
        _receiveBudget = ReceiveBudget;
        switch (_state)
        {
            case ConnectionState.Idle or ConnectionState.Head:
                ReadRequests();
                break;
            case ConnectionState.Handling when _isDrainingBody:
                DrainBody();
                break;
            case ConnectionState.Handling or ConnectionState.Tunnel:
                // First, since the read may be the exchange's last.
                TellEndedClient();
                _exchange!.OnReadable();
                break;
            case ConnectionState.Lingering:
                Linger();
                break;
        }
    }

    public void OnWritable()
    {
        if (_state == ConnectionState.Closed || !TryFlush())
            return;
        switch (_state)
        {
            case ConnectionState.Idle or ConnectionState.Head:
                Arm(_state == ConnectionState.Idle ? IdleTime : Limits.HeadTime);
                ReadRequests();
                break;
            case ConnectionState.Handling when _isDrainingBody:
                Arm(Limits.LingerTime);
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
        _isBroken = true;
        Output.Break(errno);
        if (IsHandling)
            _exchange!.OnBroken();
        else
            Close();
    }

    public void OnTimer()
    {
        if (IsHandling && _exchange!.IsReading)
        {
            _exchange.OnReadTimer();
            return;
        }
        // Whatever the state, what is pending is armed for last (see NoteBlocked).
        if (Output.HasPending)
        {
            DropReader($"the client took no byte of the answer within {Limits.WriteTime.TotalSeconds:0.###} s");
            return;
        }
        switch (_state)
        {
            case ConnectionState.Head:
                Refuse(408, $"the request's head did not arrive within {Limits.HeadTime.TotalSeconds:0.###} s");
                break;
            case ConnectionState.Handling when _isDrainingBody:
                Finish(mayHaveUnread: true);
                break;
            case ConnectionState.Idle or ConnectionState.Lingering:
                Close();
                break;
        }
    }

    /// <summary>Sets the one deadline of the connection; what it means depends on the state.</summary>
    public void Arm(TimeSpan time) => _timer.Arm(time.Ticks / TimeSpan.TicksPerMillisecond);

    /// <summary>The exchange switched protocols: raw bytes from now on.</summary>
    public void EnterTunnel() => _state = ConnectionState.Tunnel;

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
                _exchange ??= Owner.RentExchange();
                var status = _exchange.Parse(Input, Limits.Head, out var headEnd);
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
                    if (_exchange.Parser.IsHttp2Preface && _requests == 0)
                    {
                        BecomeHttp2();
                        break;
                    }
                    Refuse(_exchange.Parser.Error!.Status, _exchange.Parser.Error.Message);
                    break;
                }
                if (_state == ConnectionState.Idle)
                {
                    _state = ConnectionState.Head;
                    Arm(Limits.HeadTime);
                }
            }
            if (Output.HasPending && !TryFlush())
                break;
            if (!ReceiveHead())
                break;
        }
        _isReading = false;
    }

    private void Dispatch()
    {
        var exchange = _exchange!;
        _state = ConnectionState.Handling;
        _requests++;
        var keepAlive = !Owner.IsDraining && (Limits.RequestsPerConnection == 0 || _requests < Limits.RequestsPerConnection);
        IsDispatching = true;
        var isCompleted = exchange.Run(this, keepAlive);
        IsDispatching = false;
        if (isCompleted)
        {
            EndExchange();
            return;
        }
        // The request may have been there when the connection was accepted, and then no read has waited yet: a reset while the handler waits must still be heard.
        Transport.Watch();
        TellEndedClient();
        if (Output.HasPending)
            TryFlush();
    }

    private void TellEndedClient()
    {
        if (Transport.HasPeerEnded)
            _exchange!.AbortObserver?.OnClientEnded();
    }
}
