using System.Diagnostics;

namespace Gatehouse.Dns.Forwarder.Clients;

/// <summary>
/// How fast many keys may come, each for itself, in a table of a fixed size: a key that finds no place takes that of the one which was quiet for longest, so
/// that nobody can make it grow. The generic cell rate algorithm: one number a key. For one thread.
/// </summary>
internal sealed class RateTable
{
    private const int Ways = 4;
    private const int Buckets = 4096;
    private readonly Cell[] _cells = new Cell[Buckets * Ways];
    private readonly long _interval;
    private readonly long _tolerance;

    /// <summary>A table.</summary>
    /// <param name="perSecond">Events per second of each key.</param>
    /// <param name="burst">Events that may come at once.</param>
    internal RateTable(double perSecond, int burst)
    {
        _interval = Math.Max(1, (long)(Stopwatch.Frequency / perSecond));
        _tolerance = _interval * Math.Max(1, (long)burst) - _interval;
    }

    /// <summary>True when the key may have one more event at <paramref name="now"/> (<see cref="Stopwatch.GetTimestamp"/>).</summary>
    internal bool TryTake(ulong key, long now)
    {
        key |= 1;
        var cells = _cells.AsSpan((int)((key >> 20) & (Buckets - 1)) * Ways, Ways);
        var place = 0;
        for (var i = 0; i < Ways; i++)
        {
            if (cells[i].Key == key)
            {
                place = i;
                break;
            }

            if (cells[i].Next < cells[place].Next)
                place = i;
        }

        ref var cell = ref cells[place];
        if (cell.Key != key)
        {
            cell.Key = key;
            cell.Next = now;
        }

        var next = Math.Max(cell.Next, now);
        if (next - now > _tolerance)
            return false;
        cell.Next = next + _interval;
        return true;
    }

    private struct Cell
    {
        internal ulong Key;
        internal long Next;
    }
}
