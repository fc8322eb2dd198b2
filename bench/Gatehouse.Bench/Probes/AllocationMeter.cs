using System.Globalization;
using System.Text;
using Gatehouse.Bench.Load;

namespace Gatehouse.Bench.Probes;

/// <summary>Reads how many bytes Gatehouse has allocated since it started, from the metrics of its admin listener.</summary>
internal static class AllocationMeter
{
    private const string Metric = "gatehouse_gc_allocated_bytes_total";
    private static readonly Work Scrape = new("/metrics", default);

    /// <summary>The counter's value now.</summary>
    /// <exception cref="RowFailedException">The listener does not answer 200 or does not name the counter.</exception>
    public static async Task<double> ReadAsync(int adminPort, CancellationToken stop)
    {
        using var probe = await AnswerProbe.ConnectAsync(adminPort, null, stop);
        var answer = await probe.FetchAsync(Scrape, stop);
        if (answer.Status != 200) throw new RowFailedException($"the admin listener answered /metrics with {answer.Status}");
        foreach (var line in Encoding.UTF8.GetString(answer.Body).Split('\n'))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 2 && words[0].Split('{')[0] == Metric) return double.Parse(words[1], CultureInfo.InvariantCulture);
        }

        throw new RowFailedException($"/metrics does not name {Metric}");
    }
}
