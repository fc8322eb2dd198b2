using System.Diagnostics;
using Gatehouse.Http;

namespace Gatehouse.Edge.Metrics;

/// <summary>What is counted of one site: answers by the class of their status, their durations, and bytes both ways.</summary>
public sealed class SiteMetrics
{
    // The bounds of Prometheus's client libraries, with half and whole milliseconds before them, since much is answered in less than 5.
    private static readonly double[] BoundSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly long[] BoundTicks = [.. BoundSeconds.Select(bound => (long)(bound * Stopwatch.Frequency))];

    // Statuses 1xx to 5xx, then the buckets of the histogram and the one above all bounds, then sums.
    private const int Classes = 5;
    private static readonly int DurationSum = Classes + BoundTicks.Length + 1;
    private static readonly int BytesIn = DurationSum + 1;
    private static readonly int BytesOut = BytesIn + 1;

    private readonly CounterCells _cells = new(BytesOut + 1);

    internal SiteMetrics(string site) => Site = site;

    /// <summary>The site's name.</summary>
    public string Site { get; }

    /// <summary>Counts an exchange that is over.</summary>
    /// <param name="exchange">The exchange.</param>
    /// <param name="endedAt"><see cref="Stopwatch.GetTimestamp"/> at its end.</param>
    public void Record(Exchange exchange, long endedAt)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        var ticks = endedAt - exchange.StartedAt;
        _cells.Add(Math.Clamp(exchange.Response.Status / 100, 1, Classes) - 1, 1);
        var bucket = 0;
        while (bucket < BoundTicks.Length && ticks > BoundTicks[bucket])
            bucket++;
        _cells.Add(Classes + bucket, 1);
        _cells.Add(DurationSum, ticks);
        if (exchange.Request.ContentLength > 0)
            _cells.Add(BytesIn, exchange.Request.ContentLength);
        if (exchange.Response.BodyBytes > 0)
            _cells.Add(BytesOut, exchange.Response.BodyBytes);
    }

    internal static void Write(MetricsWriter writer, IReadOnlyList<SiteMetrics> sites)
    {
        writer.Counter("gatehouse_requests_total", "Requests answered, by site and class of the status code.");
        foreach (var site in sites)
        {
            for (var i = 0; i < Classes; i++)
                writer.Sample(site._cells.Sum(i), ("site", site.Site), ("code", $"{i + 1}xx"));
        }
        writer.Histogram("gatehouse_request_duration_seconds", "Time from a request's head to the end of its answer.");
        foreach (var site in sites)
            site.WriteDurations(writer);
        writer.Counter("gatehouse_request_body_bytes_total", "Bytes of request bodies whose length was announced.");
        foreach (var site in sites)
            writer.Sample(site._cells.Sum(BytesIn), ("site", site.Site));
        writer.Counter("gatehouse_response_body_bytes_total", "Bytes of answers' bodies as sent.");
        foreach (var site in sites)
            writer.Sample(site._cells.Sum(BytesOut), ("site", site.Site));
    }

    private void WriteDurations(MetricsWriter writer)
    {
        var count = 0L;
        for (var i = 0; i <= BoundTicks.Length; i++)
        {
            count += _cells.Sum(Classes + i);
            var bound = i < BoundSeconds.Length ? BoundSeconds[i] : double.PositiveInfinity;
            writer.Sample("_bucket", count, ("site", Site), ("le", MetricsWriter.Number(bound)));
        }
        writer.Sample("_sum", (double)_cells.Sum(DurationSum) / Stopwatch.Frequency, ("site", Site));
        // The count is that of the last bucket, even while requests are being counted: a histogram must agree with itself.
        writer.Sample("_count", count, ("site", Site));
    }
}
