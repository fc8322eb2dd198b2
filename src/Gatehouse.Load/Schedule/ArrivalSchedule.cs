using System.Diagnostics;

namespace Gatehouse.Load.Schedule;

/// <summary>
/// When each request is due: at a constant rate, after a time in which the rate grows from 0. Requests that are due while none of the connections is free are
/// late, and their lateness counts as latency: a server that stalls is charged for all whom it kept waiting (no coordinated omission).
/// </summary>
internal sealed class ArrivalSchedule
{
    private readonly double _perTick;
    private readonly double _rampTicks;
    private readonly double _inRamp;
    private readonly double _offset;
    private long _next;

    /// <summary>One worker's part of a schedule.</summary>
    /// <param name="rate">Requests each second of all workers.</param>
    /// <param name="ramp">How long the rate takes to grow to that.</param>
    /// <param name="worker">Which worker, from 0.</param>
    /// <param name="workers">How many share the requests, turn by turn.</param>
    public ArrivalSchedule(double rate, TimeSpan ramp, int worker, int workers)
    {
        _perTick = rate / Stopwatch.Frequency;
        _rampTicks = ramp.TotalSeconds * Stopwatch.Frequency;
        // While it grows, half of the rate is sent on the whole.
        _inRamp = _rampTicks * _perTick / 2;
        (_offset, Step) = (worker, workers);
    }

    private int Step { get; }

    /// <summary>The ticks after the start at which the worker's next request is due.</summary>
    public long Next()
    {
        var index = _offset + ((double)_next++ * Step);
        return index < _inRamp ? (long)Math.Sqrt(2 * index * _rampTicks / _perTick) : (long)(_rampTicks + ((index - _inRamp) / _perTick));
    }

    /// <summary>How many of the worker's requests were due until <paramref name="ticks"/> and have not been taken.</summary>
    public long Overdue(long ticks)
    {
        var due = ticks < _rampTicks ? ticks * (double)ticks * _perTick / (2 * _rampTicks) : _inRamp + ((ticks - _rampTicks) * _perTick);
        return Math.Max(0, (long)Math.Ceiling((due - _offset) / Step) - _next);
    }
}
