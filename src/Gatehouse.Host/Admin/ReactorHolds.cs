using Gatehouse.Net.Reactors;

namespace Gatehouse.Host.Admin;

/// <summary>How often a callback held each reactor for longer than the watchdog allows, and which did last: for the log, metrics and status.</summary>
internal sealed class ReactorHolds(IServerLog log, int reactors)
{
    private readonly Hold?[] _last = new Hold?[reactors];

    /// <summary>A reactor that was held.</summary>
    /// <param name="Reactor">Its index.</param>
    /// <param name="Times">How often so far.</param>
    /// <param name="At">When it was noticed last.</param>
    /// <param name="Duration">How long that turn had lasted by then.</param>
    /// <param name="By">What held it.</param>
    public sealed record Hold(int Reactor, long Times, DateTimeOffset At, TimeSpan Duration, string By);

    /// <summary>The reactors that were held at all.</summary>
    public IEnumerable<Hold> All
    {
        get
        {
            for (var i = 0; i < _last.Length; i++)
            {
                if (Volatile.Read(ref _last[i]) is { } hold)
                    yield return hold;
            }
        }
    }

    /// <summary>How often that reactor was held.</summary>
    public long TimesOf(int reactor) => Volatile.Read(ref _last[reactor])?.Times ?? 0;

    /// <summary>Takes a report of the watchdog, on its thread.</summary>
    public void Note(HeldReactor held)
    {
        var index = held.Reactor.Index;
        var by = held.Callback?.ToString() ?? "a timer or work from another thread";
        Volatile.Write(ref _last[index], new Hold(index, TimesOf(index) + 1, DateTimeOffset.UtcNow, held.Duration, by));
        var meanwhile = held.StandIn is { } other ? $"reactor {other.Index} accepts connections for it" : "nobody accepts connections for it";
        log.Warn($"reactor {index} has been held for {held.Duration.TotalMilliseconds:0} ms by {by}; {meanwhile}");
    }
}
