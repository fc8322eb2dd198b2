using Gatehouse.Http;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;
using Gatehouse.Protocols;

namespace Gatehouse.Edge.Timeouts;

/// <summary>
/// The time limits of one request, on its reactor; used again for others. The legal moves:
/// <code>
/// Running -> Ended (the handler was done), Expired (a limit was hit before the answer began, or after: then the connection is dropped)
/// Expired -> Ended
/// </code>
/// The timer runs on the reactor, the handler's end may come on any thread: whoever makes the move acts.
/// </summary>
internal sealed class Deadline : ITimerTarget, IReactorWork
{
    // How long a handler that was asked to end may take for it.
    private const long Grace = 1000;

    // Suspended requests of one reactor at a usual time; more are left to the collector.
    private const int Retained = 1024;

    private const int Running = 0;
    private const int Expired = 1;
    private const int Ended = 2;

    [ThreadStatic]
    private static Stack<Deadline>? _free;

    private readonly ReactorTimer _timer;
    private Exchange? _exchange;
    private DeadlineRules _rules = null!;
    private long _startedAt;
    private string? _failure;
    private int _state;

    private Deadline(Reactor reactor) => _timer = new ReactorTimer(reactor, this);

    /// <summary>Starts the limits of a request, on its reactor.</summary>
    public static Deadline Start(Exchange exchange, DeadlineRules rules)
    {
        var reactor = Reactor.Current!;
        var deadline = (_free ??= new Stack<Deadline>()).TryPop(out var free) && ReferenceEquals(free._timer.Reactor, reactor) ? free : new Deadline(reactor);
        deadline._exchange = exchange;
        deadline._rules = rules;
        deadline._startedAt = reactor.Now;
        deadline._failure = null;
        Volatile.Write(ref deadline._state, Running);
        deadline._timer.Arm(Math.Min(rules.Answer, rules.Request));
        return deadline;
    }

    /// <summary>The handler is done: ends the limits, and tells which was hit; null for none. Once, from any thread.</summary>
    public string? End()
    {
        var failure = Interlocked.Exchange(ref _state, Ended) == Expired ? _failure : null;
        if (_timer.Reactor.IsCurrent)
            Recycle();
        else
            _timer.Reactor.TryPost(this);
        return failure;
    }

    void IReactorWork.Run() => Recycle();

    void ITimerTarget.OnTimer()
    {
        if (_exchange is not { } exchange)
            return;
        if (Volatile.Read(ref _state) == Expired)
        {
            exchange.Abort();
            return;
        }
        var hasStarted = exchange.Response.HasStarted;
        if (hasStarted && IsTunnel(exchange))
            return;
        var elapsed = _timer.Reactor.Now - _startedAt;
        if (hasStarted && elapsed < _rules.Request)
        {
            if (_rules.Request != long.MaxValue)
                _timer.Arm(_rules.Request - elapsed);
            return;
        }
        _failure = elapsed < _rules.Request ? _rules.AnswerFailure : _rules.RequestFailure;
        if (Interlocked.CompareExchange(ref _state, Expired, Running) != Running)
            return;
        if (hasStarted)
        {
            exchange.Notes.Failure = _failure;
            exchange.Abort();
            return;
        }
        // The last thing here: the handler may end, and this be another request's, before it returns.
        _timer.Arm(Grace);
        exchange.Expire();
    }

    private static bool IsTunnel(Exchange exchange) => exchange.Response.Status == 101 || exchange.Request.Method == Method.Connect;

    private void Recycle()
    {
        _timer.Disarm();
        _exchange = null;
        if ((_free ??= new Stack<Deadline>()).Count < Retained)
            _free.Push(this);
    }
}
