using HdrHistogram;

namespace Gatehouse.Load.Results;

/// <summary>What came of a run.</summary>
public sealed record LoadResult
{
    // A thread that is busy for so much of the time cannot be sure to have sent in time.
    private const double BusyShare = 0.9;

    // A request that a free connection sent so much too late was not sent when it was due.
    private const double LateMicroseconds = 20_000;

    // Below this part of the asked rate the rate was not kept.
    private const double KeptPart = 0.98;

    /// <summary>Answers, of any status.</summary>
    public long Requests { get; init; }

    /// <summary>How long requests were begun.</summary>
    public double Seconds { get; init; }

    /// <summary>Requests without an answer.</summary>
    public IReadOnlyDictionary<LoadFault, long> Errors { get; init; } = new Dictionary<LoadFault, long>();

    /// <summary>Answers by the class of their status, from 1xx to 5xx.</summary>
    public IReadOnlyList<long> Statuses { get; init; } = [];

    /// <summary>Bytes of all answers' bodies.</summary>
    public long Bytes { get; init; }

    /// <summary>From the moment a request was due (closed model: was sent) to the end of its answer.</summary>
    public Latencies Latency { get; init; } = Latencies.None;

    /// <summary>From the moment it was sent: what a generator that waits for the server would have seen.</summary>
    public Latencies Service { get; init; } = Latencies.None;

    /// <summary>Each second of the run.</summary>
    public IReadOnlyList<LoadSecond> Series { get; init; } = [];

    /// <summary>CPU time of this process, seconds.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>The part of its threads' time in which the generator was busy, 0 to 1.</summary>
    public double CpuShare { get; init; }

    /// <summary>How late the generator itself sent requests for which a connection was free, 99th percentile in microseconds.</summary>
    public double LagMicroseconds { get; init; }

    /// <summary>The rate that was asked for; 0 for none.</summary>
    public double AskedRate { get; init; }

    /// <summary>Why the figures are not to be trusted, or not what was asked for.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Answers each second.</summary>
    public double Rate => Seconds > 0 ? Requests / Seconds : 0;

    /// <summary>Requests without an answer.</summary>
    public long Failures => Errors.Values.Sum();

    /// <summary>True when the rate was kept and every request answered.</summary>
    public bool IsKept => Failures == 0 && Rate >= AskedRate * KeptPart;

    internal static LoadResult Of(LoadPlan plan, IReadOnlyList<LoadRecorder> recorders, TimeSpan elapsed, TimeSpan cpu)
    {
        var latency = Merged(recorders.Select(recorder => recorder.Latency));
        var service = Merged(recorders.Select(recorder => recorder.Service));
        var lag = Merged(recorders.Select(recorder => recorder.Lag));
        var result = new LoadResult
        {
            Requests = recorders.Sum(recorder => recorder.Answers),
            Seconds = elapsed.TotalSeconds,
            Errors = Enum.GetValues<LoadFault>().ToDictionary(fault => fault, fault => recorders.Sum(recorder => recorder.Faults[(int)fault])),
            Statuses = [.. Enumerable.Range(1, 5).Select(digit => recorders.Sum(recorder => recorder.Statuses[digit]))],
            Bytes = recorders.Sum(recorder => recorder.Bytes),
            Latency = Latencies.Of(latency),
            Service = Latencies.Of(service),
            Series = [.. SeriesOf(recorders)],
            CpuSeconds = cpu.TotalSeconds,
            CpuShare = Math.Min(1, cpu.TotalSeconds / elapsed.TotalSeconds / plan.Threads),
            LagMicroseconds = lag.TotalCount == 0 ? 0 : lag.GetValueAtPercentile(99) / 1000.0,
            AskedRate = plan.Rate,
        };
        return result with { Warnings = [.. result.Doubts(plan)] };
    }

    private static IEnumerable<LoadSecond> SeriesOf(IReadOnlyList<LoadRecorder> recorders)
    {
        var count = recorders.Max(recorder => recorder.Seconds.Count);
        for (var i = 0; i < count; i++)
        {
            var parts = recorders.Where(recorder => i < recorder.Seconds.Count).Select(recorder => recorder.Seconds[i]).ToList();
            var merged = LoadRecorder.NewHistogram(2);
            foreach (var part in parts)
                merged.Add(part.Latency);
            yield return new LoadSecond(
                i, merged.TotalCount, parts.Sum(part => part.Faults), Microseconds(merged, 50), Microseconds(merged, 99));
        }
    }

    private IEnumerable<string> Doubts(LoadPlan plan)
    {
        if (CpuShare > BusyShare)
            yield return $"the generator itself was busy for {CpuShare:P0} of the time and may be the bottleneck: use more threads (-t) or another machine";
        if (LagMicroseconds > LateMicroseconds)
            yield return $"the generator sent one request in a hundred more than {LagMicroseconds / 1000:0} ms late although a connection was free: this machine is too busy for these figures";
        if (plan.Rate > 0 && plan.Ramp == TimeSpan.Zero && plan.Requests == 0 && Rate < plan.Rate * KeptPart)
            yield return $"{plan.Rate:0} requests/s were due and {Rate:0} answered: the server, or {plan.Connections} connections, cannot do more";
        if (Requests > 0 && Statuses[3] + Statuses[4] > 0)
            yield return $"{Statuses[3] + Statuses[4]} answers have a status of 400 or more";
    }

    private static LongHistogram Merged(IEnumerable<LongHistogram> parts)
    {
        var merged = LoadRecorder.NewHistogram(3);
        foreach (var part in parts)
            merged.Add(part);
        return merged;
    }

    private static double Microseconds(LongHistogram histogram, double percentile) =>
        histogram.TotalCount == 0 ? 0 : histogram.GetValueAtPercentile(percentile) / 1000.0;
}

/// <summary>One second of a run.</summary>
/// <param name="Second">Which, from 0.</param>
/// <param name="Requests">Answers that ended in it.</param>
/// <param name="Errors">Requests that failed in it.</param>
/// <param name="P50">The median latency in microseconds.</param>
/// <param name="P99">The 99th percentile in microseconds.</param>
public sealed record LoadSecond(int Second, long Requests, long Errors, double P50, double P99);
