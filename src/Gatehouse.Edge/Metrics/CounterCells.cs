using Gatehouse.Net.Reactors;

namespace Gatehouse.Edge.Metrics;

/// <summary>
/// A row of counters, once for each reactor and once for all other threads, so far apart that no two share a cache line; a reader sums the rows. Adding is
/// interlocked, which costs a few nanoseconds on a line that no one else writes, and is right whoever else has the same row.
/// </summary>
public sealed class CounterCells
{
    private const int Pad = 16;
    private static readonly int Rows = Environment.ProcessorCount + 1;
    private readonly long[] _cells;
    private readonly int _stride;

    /// <summary>A row of so many counters.</summary>
    public CounterCells(int count)
    {
        Count = count;
        _stride = ((count + Pad - 1) / Pad * Pad) + Pad;
        _cells = new long[_stride * Rows];
    }

    /// <summary>How many counters there are.</summary>
    public int Count { get; }

    /// <summary>Adds to a counter, from any thread.</summary>
    public void Add(int counter, long value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)counter, (uint)Count, nameof(counter));
        var row = Reactor.Current is { } reactor && reactor.Index + 1 < Rows ? reactor.Index + 1 : 0;
        Interlocked.Add(ref _cells[(row * _stride) + counter], value);
    }

    /// <summary>The sum over all rows. Counters read one after another may be of different moments.</summary>
    public long Sum(int counter)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)counter, (uint)Count, nameof(counter));
        var sum = 0L;
        for (var row = 0; row < Rows; row++)
            sum += Interlocked.Read(ref _cells[(row * _stride) + counter]);
        return sum;
    }
}
