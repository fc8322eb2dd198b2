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
internal sealed partial class Http1Connection : ITransportEvents, ITimerTarget, IReactorWork
{
    // Answers to pipelined requests gather up to here before they must go out; the rest of a 16 KB buffer is room for one more head and small body.
    private const int GatherLimit = 8 * 1024;

    private readonly ServerReactor _owner;
    private readonly ServerLimits _limits;
    private readonly ReactorTimer _timer;
    private Http1Exchange? _exchange;
    private int _requests;
    private ConnectionState _state;
    private volatile bool _isBroken;
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

    /// <summary>True once the transport broke or was closed. From any thread.</summary>
    public bool IsBroken => _isBroken;

    /// <summary>Neighbours in the list of <see cref="ServerReactor"/>.</summary>
    public Http1Connection? Next { get; set; }

    /// <inheritdoc cref="Next"/>
    public Http1Connection? Previous { get; set; }

    // A handler has the exchange, and with it the transport's events.
    private bool IsHandling => _state is ConnectionState.Handling or ConnectionState.Tunnel && !_isDrainingBody;

    /// <summary>Takes the connection into service and tries to read at once.</summary>
    public void Start()
    {
        Transport.Events = this;
        _owner.Add(this);
        Arm(_owner.IsDraining ? HttpServer.IdleGrace : _limits.HeadTime);
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
                Arm(_state == ConnectionState.Idle ? IdleTime : _limits.HeadTime);
                ReadRequests();
                break;
            case ConnectionState.Handling when _isDrainingBody:
                Arm(_limits.LingerTime);
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
            DropReader($"the client took no byte of the answer within {_limits.WriteTime.TotalSeconds:0.###} s");
            return;
        }
        switch (_state)
        {
            case ConnectionState.Head:
                Refuse(408, $"the request's head did not arrive within {_limits.HeadTime.TotalSeconds:0.###} s");
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
        var keepAlive = !_owner.IsDraining && (_limits.RequestsPerConnection == 0 || _requests < _limits.RequestsPerConnection);
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
        if (Output.HasPending)
            TryFlush();
    }
}
