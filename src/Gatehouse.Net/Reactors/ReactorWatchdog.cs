namespace Gatehouse.Net.Reactors;

/// <summary>A turn that lasts too long.</summary>
/// <param name="Reactor">The reactor that is held.</param>
/// <param name="Duration">How long the turn has lasted by now.</param>
/// <param name="Callback">
/// What is being called, when it is the owner of a transport or a listener: its ToString names the handler. Null for timers and posted work.
/// </param>
/// <param name="StandIn">The reactor that accepts connections for it meanwhile; null when none is free to, or it listens nowhere.</param>
public readonly record struct HeldReactor(Reactor Reactor, TimeSpan Duration, object? Callback, Reactor? StandIn);

/// <summary>
/// Watches the turns of reactors from a thread of its own and reports each that is held for longer than a limit: some callback blocks or computes, and
/// every connection of that reactor waits for it. Another reactor accepts for it until it turns again, so that new connections do not wait too.
/// </summary>
public sealed class ReactorWatchdog : IDisposable
{
    private readonly IReadOnlyList<Reactor> _reactors;
    private readonly Action<HeldReactor> _report;
    private readonly long _limit;
    private readonly long[] _reported;
    private readonly long[] _helped;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;

    /// <summary>Starts to watch.</summary>
    /// <param name="reactors">The reactors to watch.</param>
    /// <param name="report">Told once of each turn that lasts too long, while it lasts, on the watchdog's thread. Must not throw.</param>
    /// <param name="limit">How long a turn may last; 100 ms when null. It is noticed within half of the limit more.</param>
    public ReactorWatchdog(IReadOnlyList<Reactor> reactors, Action<HeldReactor> report, TimeSpan? limit = null)
    {
        _reactors = reactors;
        _report = report;
        _limit = Math.Max(1, (long)(limit ?? TimeSpan.FromMilliseconds(100)).TotalMilliseconds);
        _reported = new long[reactors.Count];
        _helped = new long[reactors.Count];
        _thread = new Thread(Watch) { Name = "reactor-watchdog", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Stops watching and waits for a report that is under way.</summary>
    public void Dispose()
    {
        _stop.Set();
        if (Thread.CurrentThread != _thread)
            _thread.Join();
        _stop.Dispose();
    }

    private void Watch()
    {
        var period = (int)Math.Clamp(_limit / 2, 1, 1000);
        while (!_stop.Wait(period))
        {
            var now = ReactorClock.Milliseconds;
            for (var i = 0; i < _reactors.Count; i++)
                LookAt(i, now);
        }
    }

    private void LookAt(int index, long now)
    {
        var reactor = _reactors[index];
        var started = reactor.TurnStartedAt;
        if (!IsHeld(started, now))
            return;
        // Where all are held the first that turns again may help.
        var standIn = _helped[index] == started ? null : StandInFor(reactor, started, now);
        if (standIn is not null)
            _helped[index] = started;
        if (_reported[index] == started)
            return;
        _reported[index] = started;
        var source = reactor.Dispatching;
        _report(new HeldReactor(reactor, TimeSpan.FromMilliseconds(now - started), source?.Owner, standIn));
    }

    private bool IsHeld(long started, long now) => started != 0 && now - started > _limit;

    private Reactor? StandInFor(Reactor held, long turn, long now)
    {
        var sources = held.HeldSources;
        if (sources.Count == 0)
            return null;
        foreach (var other in _reactors)
        {
            if (ReferenceEquals(other, held) || IsHeld(other.TurnStartedAt, now))
                continue;
            foreach (var source in sources)
                source.StandIn(other, turn);
            return other;
        }
        return null;
    }
}
