using System.Diagnostics;
using Gatehouse.Net.Interop;
using Gatehouse.Net.Timers;

namespace Gatehouse.Net.Reactors;

/// <summary>
/// One thread with one epoll set, one timer wheel and its own buffers. What is registered here is called on this thread and on no other, one at a time,
/// so nothing on the request path takes a lock. Other threads reach it by <see cref="Post(IReactorWork)"/> only.
/// </summary>
/// <remarks>
/// A turn: 1. wait for events; 2. read the clock; 3. call the sources of the events; 4. call the timers that are due; 5. run posted work;
/// 6. run deferred work. An exception from any of them is reported to <see cref="CallbackFailed"/> and ends nothing else.
/// </remarks>
public sealed class Reactor : IDisposable
{
    // Rounds in which work posted by the work of an ending reactor is still run.
    private const int FinalRounds = 1000;

    [ThreadStatic]
    private static Reactor? _current;

    private readonly EpollSet _epoll = new();
    private readonly SourceTable _sources = new();
    private readonly PostedWork _posted;
    private readonly WorkRing _deferred = new();
    private readonly Thread _thread;
    private readonly Action<Exception> _report;
    private volatile bool _stopping;
    private bool _started;
    private long _turnStartedAt;
    private long _callbackFailures;
    private ulong _dispatching;
    private IHeldSource[] _heldSources = [];

    /// <summary>Makes a reactor; <see cref="Start"/> runs it.</summary>
    /// <param name="index">Its place among its siblings, from 0.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The process has no file descriptors left.</exception>
    public Reactor(int index)
    {
        Index = index;
        Buffers = new BufferPool();
        Timestamp = Stopwatch.GetTimestamp();
        Now = ReactorClock.ToMilliseconds(Timestamp);
        Wheel = new TimerWheel(Now);
        _posted = new PostedWork(_epoll.Wake);
        _report = Report;
        _thread = new Thread(Loop) { Name = $"reactor-{index}", IsBackground = true };
    }

    /// <summary>The reactor whose thread this is, or null.</summary>
    public static Reactor? Current => _current;

    /// <summary>Its place among its siblings, from 0.</summary>
    public int Index { get; }

    /// <summary>True on the reactor's own thread.</summary>
    public bool IsCurrent => ReferenceEquals(_current, this);

    /// <summary>Milliseconds of a monotonic clock, read once a turn.</summary>
    public long Now { get; private set; }

    /// <summary><see cref="Stopwatch.GetTimestamp"/> as it was when the turn under way began: a clock for durations that costs nothing to read.</summary>
    public long Timestamp { get; private set; }

    /// <summary>The buffers of this reactor; to be used on its thread only.</summary>
    public BufferPool Buffers { get; }

    /// <summary>
    /// Told of each exception that a callback let escape, on the reactor's thread. Set before <see cref="Start"/>. Without it they are only counted.
    /// </summary>
    public Action<Reactor, Exception>? CallbackFailed { get; set; }

    /// <summary>Exceptions that callbacks let escape so far. From any thread.</summary>
    public long CallbackFailures => Volatile.Read(ref _callbackFailures);

    /// <summary>
    /// When the turn under way began, in milliseconds of the clock of <see cref="Now"/>; 0 while the reactor waits for events. From any thread.
    /// </summary>
    public long TurnStartedAt => Volatile.Read(ref _turnStartedAt);

    /// <summary>Open transports, listeners and other sources. On the reactor's thread only.</summary>
    public int SourceCount => _sources.Count;

    /// <summary>The timers of this reactor.</summary>
    internal TimerWheel Wheel { get; }

    /// <summary>What the turn under way is calling, as far as it can be told from another thread: for the watchdog's message only.</summary>
    internal IReactorSource? Dispatching => _sources.Find(Volatile.Read(ref _dispatching));

    /// <summary>Sources whose work another reactor can do while this one is held. From any thread.</summary>
    internal IReadOnlyList<IHeldSource> HeldSources => Volatile.Read(ref _heldSources);

    /// <summary>Starts the thread.</summary>
    /// <exception cref="InvalidOperationException">It was started or disposed of before.</exception>
    public void Start()
    {
        if (_started)
            throw new InvalidOperationException($"Reactor {Index} can be started once.");
        _started = true;
        _thread.Start();
    }

    /// <summary>
    /// Asks the thread to end after this turn and waits for it. Transports that are still open are closed, and their owners told so by
    /// <see cref="Transports.ITransportEvents.OnBroken"/> with ECANCELED. On the reactor's own thread it asks and does not wait.
    /// </summary>
    public void Dispose()
    {
        if (!_started)
        {
            _started = true;
            _stopping = true;
            End();
            return;
        }

        _stopping = true;
        _posted.Wake();
        if (!IsCurrent)
            _thread.Join();
    }

    /// <summary>Has <paramref name="work"/> run on the reactor's thread in its next turn. From any thread; never runs inline.</summary>
    /// <exception cref="ObjectDisposedException">The reactor has ended.</exception>
    public void Post(IReactorWork work)
    {
        if (!_posted.TryAdd(work))
            throw new ObjectDisposedException($"reactor {Index}", "The reactor has ended and runs no more work.");
    }

    /// <summary>Has <paramref name="callback"/> run on the reactor's thread in its next turn. Allocates; for what is not on the request path.</summary>
    /// <exception cref="ObjectDisposedException">The reactor has ended.</exception>
    public void Post(Action<object?> callback, object? state) => Post(new CallbackWork(callback, state));

    /// <summary>As <see cref="Post(IReactorWork)"/>, but answers false when the reactor has ended.</summary>
    public bool TryPost(IReactorWork work) => _posted.TryAdd(work);

    /// <summary>Has <paramref name="work"/> run at the end of this turn, after all events. On the reactor's thread only.</summary>
    public void Defer(IReactorWork work) => _deferred.Enqueue(work);

    /// <summary>Gives a source its slot and returns its event data. On the reactor's thread only, as the next six.</summary>
    internal ulong AddSource(IReactorSource source) => _sources.Add(source);

    /// <summary>Adds a source that another reactor can stand in for.</summary>
    internal void AddHeldSource(IHeldSource source) => Volatile.Write(ref _heldSources, [.. _heldSources, source]);

    /// <summary>It needs no stand-in any more.</summary>
    internal void RemoveHeldSource(IHeldSource source) => Volatile.Write(ref _heldSources, Array.FindAll(_heldSources, one => one != source));

    /// <summary>Frees a source's slot; events that are under way for it are dropped. Closing the descriptor takes it out of the epoll set.</summary>
    internal void RemoveSource(ulong data) => _sources.Remove(data);

    /// <summary>Watches a descriptor for its source: 0 or the errno.</summary>
    internal int Watch(int descriptor, uint events, ulong data) => _epoll.Watch(descriptor, events, data);

    /// <summary>Changes what is watched for and looks afresh: 0 or the errno.</summary>
    internal int Rewatch(int descriptor, uint events, ulong data) => _epoll.Rewatch(descriptor, events, data);

    /// <summary>Takes a descriptor out of the epoll set without closing it.</summary>
    internal void Unwatch(int descriptor) => _epoll.Unwatch(descriptor);

    private void Loop()
    {
        _current = this;
        while (!_stopping)
            Turn();
        End();
    }

    private void Turn()
    {
        var timeout = _deferred.Count > 0 || !_posted.IsEmpty ? 0 : Wheel.MillisecondsToNext(Now);
        if (timeout != 0 && !_posted.TrySleep())
            timeout = 0;
        Volatile.Write(ref _turnStartedAt, 0);
        var events = _stopping ? 0 : _epoll.Wait(timeout);
        if (timeout != 0)
            _posted.Awake();
        Timestamp = Stopwatch.GetTimestamp();
        Now = ReactorClock.ToMilliseconds(Timestamp);
        Volatile.Write(ref _turnStartedAt, Now);
        Dispatch(events);
        Wheel.Advance(Now, _report);
        RunPosted();
        RunDeferred();
    }

    private void Dispatch(int events)
    {
        var next = 0;
        while (next < events)
        {
            // One try for many events: it is entered again only after an exception.
            try
            {
                while (next < events)
                {
                    var happened = _epoll.Event(next++, out var data);
                    var source = _sources.Find(data);
                    if (source is null)
                        continue;
                    _dispatching = data;
                    source.OnEvents(happened);
                }
            }
            catch (Exception exception)
            {
                _report(exception);
            }
        }

        _dispatching = EpollSet.WakeData;
    }

    private void RunPosted()
    {
        if (_posted.IsEmpty)
            return;
        var count = _posted.TakeBatch();
        var next = 0;
        while (next < count)
        {
            try
            {
                while (next < count)
                    _posted.Batched(next++).Run();
            }
            catch (Exception exception)
            {
                _report(exception);
            }
        }
    }

    private void RunDeferred()
    {
        // What deferred work defers is for the end of the next turn.
        var left = _deferred.Count;
        while (left > 0)
        {
            try
            {
                while (left > 0)
                {
                    left--;
                    _deferred.Dequeue().Run();
                }
            }
            catch (Exception exception)
            {
                _report(exception);
            }
        }
    }

    private void End()
    {
        var outer = _current;
        _current = this;
        _sources.EndAll(_report);
        for (var round = 0; round < FinalRounds && (_deferred.Count > 0 || !_posted.TryClose()); round++)
        {
            RunPosted();
            RunDeferred();
        }

        _posted.Close();
        _sources.EndAll(_report);
        Volatile.Write(ref _turnStartedAt, 0);
        _epoll.Dispose();
        _current = outer;
    }

    private void Report(Exception exception)
    {
        Volatile.Write(ref _callbackFailures, _callbackFailures + 1);
        try
        {
            CallbackFailed?.Invoke(this, exception);
        }
        catch (Exception)
        {
            // Who is told of failures has failed as well: the count is what remains.
            Volatile.Write(ref _callbackFailures, _callbackFailures + 1);
        }
    }
}
