using HdrHistogram;

namespace Gatehouse.Load.Results;

/// <summary>A distribution of latencies in microseconds.</summary>
public sealed record Latencies
{
    /// <summary>Percentiles that reports show.</summary>
    public static readonly IReadOnlyList<double> Shown = [50, 75, 90, 95, 99, 99.9, 99.99];

    /// <summary>No latencies.</summary>
    public static Latencies None { get; } = new();

    /// <summary>The shortest.</summary>
    public double Min { get; init; }

    /// <summary>The mean.</summary>
    public double Mean { get; init; }

    /// <summary>The standard deviation.</summary>
    public double Deviation { get; init; }

    /// <summary>The longest.</summary>
    public double Max { get; init; }

    /// <summary>Each percentile of <see cref="Shown"/>.</summary>
    public IReadOnlyDictionary<double, double> Percentiles { get; init; } = Shown.ToDictionary(percentile => percentile, _ => 0.0);

    /// <summary>The histogram that all of it comes from; null for a run that was read from a file.</summary>
    internal LongHistogram? Histogram { get; init; }

    /// <summary>Any percentile, 0 to 100; of a run from a file the next that was kept.</summary>
    public double At(double percentile) => Histogram is { TotalCount: > 0 } histogram
        ? histogram.GetValueAtPercentile(percentile) / 1000.0
        : Percentiles.OrderBy(pair => Math.Abs(pair.Key - percentile)).First().Value;

    internal static Latencies Of(LongHistogram histogram) => histogram.TotalCount == 0
        ? None
        : new Latencies
        {
            Min = histogram.GetValueAtPercentile(0) / 1000.0,
            Mean = histogram.GetMean() / 1000,
            Deviation = histogram.GetStdDeviation() / 1000,
            Max = histogram.GetMaxValue() / 1000.0,
            Percentiles = Shown.ToDictionary(percentile => percentile, percentile => histogram.GetValueAtPercentile(percentile) / 1000.0),
            Histogram = histogram,
        };
}
