using System.Globalization;
using System.Text;
using Gatehouse.Load.Results;

namespace Gatehouse.Load.Report;

/// <summary>A result for people.</summary>
public static class ResultText
{
    /// <summary>One run.</summary>
    public static string Of(LoadResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var text = new StringBuilder();
        Line("requests", $"{Number(result.Requests)} in {Fixed(result.Seconds, "0.00")} s, {Number((long)result.Rate)} each second");
        Line("transfer", $"{Fixed(result.Bytes / 1048576.0, "0.0")} MB, {Fixed(result.Bytes / 1048576.0 / Math.Max(result.Seconds, 1e-9), "0.0")} MB/s");
        Line("status", string.Join(", ", result.Statuses.Select((count, index) => (count, index)).Where(pair => pair.count > 0).Select(pair => $"{pair.index + 1}xx {Number(pair.count)}")));
        Line("errors", result.Failures == 0 ? "none" : string.Join(", ", result.Errors.Where(pair => pair.Value > 0).Select(pair => $"{pair.Key.ToString().ToLowerInvariant()} {Number(pair.Value)}")));
        Line("latency", $"mean {Time(result.Latency.Mean)}, min {Time(result.Latency.Min)}, max {Time(result.Latency.Max)}, deviation {Time(result.Latency.Deviation)}");
        foreach (var (percentile, value) in result.Latency.Percentiles)
        {
            // Where requests were due at a rate, what a generator that waits would have seen stands beside it.
            var other = result.AskedRate > 0 ? $"   (from sending: {Time(result.Service.Percentiles[percentile])})" : "";
            Line("", $"p{percentile.ToString(CultureInfo.InvariantCulture),-6} {Time(value),10}{other}");
        }
        Line("generator", $"{Fixed(result.CpuShare * 100, "0")}% of its threads' time, {(result.Requests > 0 ? Fixed(result.CpuSeconds * 1e6 / result.Requests, "0.0") : "0")} µs of CPU for each request");
        foreach (var warning in result.Warnings)
            Line("warning", warning);
        return text.ToString();

        void Line(string name, string value) => text.Append(CultureInfo.InvariantCulture, $"{name,-10} {value}\n");
    }

    /// <summary>The steps of a run, and the last one that was kept.</summary>
    public static string Steps(IReadOnlyList<LoadResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var text = new StringBuilder("     rate   answered       p50       p99     errors\n");
        foreach (var result in results)
        {
            text.Append(CultureInfo.InvariantCulture, $"{result.AskedRate,9:0} {result.Rate,10:0} {Time(result.Latency.At(50)),9} {Time(result.Latency.At(99)),9} {result.Failures,10}\n");
        }
        var kept = results.TakeWhile(result => result.IsKept).LastOrDefault();
        text.Append(kept is null ? "Not even the first rate was kept.\n" : string.Create(CultureInfo.InvariantCulture, $"Kept up to {kept.AskedRate:0} requests/s.\n"));
        return text.ToString();
    }

    /// <summary>A run beside one that was saved.</summary>
    public static string Comparison(LoadResult before, LoadResult now)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(now);
        var text = new StringBuilder("                 before        now    change\n");
        Row("requests/s", before.Rate, now.Rate, value => Fixed(value, "0"));
        Row("mean", before.Latency.Mean, now.Latency.Mean, Time);
        foreach (var percentile in Latencies.Shown)
            Row($"p{percentile.ToString(CultureInfo.InvariantCulture)}", before.Latency.Percentiles[percentile], now.Latency.Percentiles[percentile], Time);
        Row("errors", before.Failures, now.Failures, value => Fixed(value, "0"));
        return text.ToString();

        void Row(string name, double was, double isNow, Func<double, string> shown)
        {
            var change = was == 0 ? (isNow == 0 ? "0.0%" : "new") : Fixed(((isNow / was) - 1) * 100, "+0.0;-0.0;0.0") + "%";
            text.Append(CultureInfo.InvariantCulture, $"{name,-12} {shown(was),10} {shown(isNow),10} {change,9}\n");
        }
    }

    /// <summary>Microseconds in the unit that suits.</summary>
    internal static string Time(double microseconds) => microseconds switch
    {
        < 1000 => Fixed(microseconds, "0") + " µs",
        < 1_000_000 => Fixed(microseconds / 1000, "0.00") + " ms",
        _ => Fixed(microseconds / 1_000_000, "0.00") + " s",
    };

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Fixed(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
