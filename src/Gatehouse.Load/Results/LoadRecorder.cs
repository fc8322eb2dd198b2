using System.Diagnostics;
using HdrHistogram;

namespace Gatehouse.Load.Results;

/// <summary>What one worker counts. On its reactor; the counters may be read from elsewhere.</summary>
internal sealed class LoadRecorder
{
    /// <summary>The longest time that is told apart, in nanoseconds: an hour.</summary>
    public const long MostNanoseconds = 3_600_000_000_000;

    private readonly LongHistogram _latency = NewHistogram(3);
    private readonly LongHistogram _service = NewHistogram(3);
    private readonly LongHistogram _lag = NewHistogram(2);
    private readonly long[] _faults = new long[LoadFaults.Count];
    private readonly long[] _statuses = new long[6];
    private readonly List<SecondRecord> _seconds = [];
    private LongHistogram _second = NewHistogram(2);
    private long _secondFaults;
    private long _secondEnd;
    private long _answers;
    private long _bytes;

    public LongHistogram Latency => _latency;

    public LongHistogram Service => _service;

    public LongHistogram Lag => _lag;

    public IReadOnlyList<long> Faults => _faults;

    /// <summary>Answers by the first digit of their status.</summary>
    public IReadOnlyList<long> Statuses => _statuses;

    public IReadOnlyList<SecondRecord> Seconds => _seconds;

    public long Answers => Volatile.Read(ref _answers);

    public long Failures => _faults.Sum();

    public long Bytes => _bytes;

    public static LongHistogram NewHistogram(int digits) => new(1, MostNanoseconds, digits);

    public void Begin(long started) => _secondEnd = started + Stopwatch.Frequency;

    /// <summary>An answer came.</summary>
    /// <param name="due">When the request was due.</param>
    /// <param name="sent">When it was sent.</param>
    /// <param name="ended">When its answer had been read.</param>
    /// <param name="status">The status.</param>
    /// <param name="bytes">Bytes of the answer's body.</param>
    public void Answer(long due, long sent, long ended, int status, long bytes)
    {
        Roll(ended);
        var latency = Nanoseconds(ended - due);
        _latency.RecordValue(latency);
        _second.RecordValue(latency);
        _service.RecordValue(Nanoseconds(ended - sent));
        _statuses[Math.Min(status / 100, 5)]++;
        _bytes += bytes;
        Volatile.Write(ref _answers, _answers + 1);
    }

    public void Fault(LoadFault fault, long now)
    {
        Roll(now);
        _faults[(int)fault]++;
        _secondFaults++;
    }

    public void AddUnfinished(long count) => _faults[(int)LoadFault.Unfinished] += count;

    /// <summary>A connection was free when a request was due, and it was sent so much later: the generator's own fault.</summary>
    public void NoteLag(long ticks) => _lag.RecordValue(Nanoseconds(ticks));

    public void End() => Close();

    private static long Nanoseconds(long ticks) => Math.Clamp((long)(ticks * (1e9 / Stopwatch.Frequency)), 1, MostNanoseconds);

    private void Roll(long now)
    {
        while (now >= _secondEnd)
        {
            Close();
            _secondEnd += Stopwatch.Frequency;
        }
    }

    private void Close()
    {
        _seconds.Add(new SecondRecord(_second, _secondFaults));
        _second = NewHistogram(2);
        _secondFaults = 0;
    }
}

/// <summary>One second of one worker.</summary>
/// <param name="Latency">The latencies of its answers.</param>
/// <param name="Faults">Requests without one.</param>
internal sealed record SecondRecord(LongHistogram Latency, long Faults);
