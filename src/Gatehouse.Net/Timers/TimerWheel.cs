using System.Numerics;

namespace Gatehouse.Net.Timers;

/// <summary>
/// A hashed wheel of 256 slots of 16 ms. A timer stands in the slot of the tick at which the wheel has to look at it: that of its deadline, or the
/// farthest slot (4 s) when the deadline is beyond. A look at a timer whose deadline has moved puts it further on; at a disarmed one, takes it out.
/// </summary>
internal sealed class TimerWheel
{
    private const int TickBits = 4;
    private const int Slots = 256;
    private const int Words = Slots / 64;
    private readonly ReactorTimer?[] _heads = new ReactorTimer?[Slots];
    private readonly ulong[] _occupied = new ulong[Words];

    // The last tick whose slot was looked at.
    private long _tick;

    internal TimerWheel(long now) => _tick = now >> TickBits;

    /// <summary>The first millisecond of a tick.</summary>
    internal static long TickStart(long tick) => tick << TickBits;

    /// <summary>Puts an armed timer into the slot of its deadline, out of the one it was in.</summary>
    internal void Place(ReactorTimer timer)
    {
        if (timer.Tick >= 0)
            Take(timer);
        var due = (timer.Deadline + (1 << TickBits) - 1) >> TickBits;
        var tick = Math.Clamp(due, _tick + 1, _tick + Slots - 1);
        var slot = (int)(tick & (Slots - 1));
        ref var head = ref _heads[slot];
        timer.Tick = tick;
        timer.Next = head;
        if (head is not null)
            head.Previous = timer;
        head = timer;
        _occupied[slot >> 6] |= 1UL << (slot & 63);
    }

    /// <summary>Takes a timer off the wheel.</summary>
    internal void Take(ReactorTimer timer)
    {
        var slot = (int)(timer.Tick & (Slots - 1));
        if (timer.Previous is { } previous)
            previous.Next = timer.Next;
        else
            _heads[slot] = timer.Next;
        if (timer.Next is { } next)
            next.Previous = timer.Previous;
        timer.Previous = timer.Next = null;
        timer.Tick = -1;
        if (_heads[slot] is null)
            _occupied[slot >> 6] &= ~(1UL << (slot & 63));
    }

    /// <summary>Calls the timers that are due at <paramref name="now"/>.</summary>
    internal void Advance(long now, Action<Exception> report)
    {
        var current = now >> TickBits;
        if (current <= _tick)
            return;

        // After a long pause each slot is looked at once, not once for each revolution that was missed.
        _tick = Math.Max(_tick, current - Slots);
        while (_tick < current)
        {
            _tick++;
            var slot = (int)(_tick & (Slots - 1));
            while (_heads[slot] is { } timer)
                LookAt(timer, now, report);
        }
    }

    /// <summary>Milliseconds from <paramref name="now"/> until the wheel has to look at a timer; -1 when it has none.</summary>
    internal int MillisecondsToNext(long now)
    {
        var first = (int)((_tick + 1) & (Slots - 1));
        var word = first >> 6;
        var bits = _occupied[word] & (ulong.MaxValue << (first & 63));
        for (var looked = 0; looked <= Words; looked++)
        {
            if (bits != 0)
            {
                var slot = (word << 6) + BitOperations.TrailingZeroCount(bits);
                var tick = _tick + 1 + ((slot - first) & (Slots - 1));
                return (int)Math.Max(0, TickStart(tick) - now);
            }

            word = (word + 1) & (Words - 1);
            bits = _occupied[word];
        }

        return -1;
    }

    private void LookAt(ReactorTimer timer, long now, Action<Exception> report)
    {
        Take(timer);
        if (!timer.IsArmed)
            return;
        if (timer.Deadline > now)
        {
            Place(timer);
            return;
        }

        timer.Disarm();
        try
        {
            timer.Target.OnTimer();
        }
        catch (Exception exception)
        {
            report(exception);
        }
    }
}
