using System.Globalization;
using System.Text.RegularExpressions;
using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Load;

/// <summary>h2load over HTTP/1.1 at a fixed rate: an open loop, that does not wait for slow answers before it owes the next request.</summary>
internal static partial class H2Load
{
    public const int Connections = 64;

    // What is left below the asked rate is then no more than the requests under way when the time was up.
    private const double KeptRate = 0.97;

    /// <summary>
    /// Sends <paramref name="rate"/> requests per second to a port of 127.0.0.1 for whole seconds; latencies come from its log of all requests.
    /// </summary>
    /// <exception cref="RowFailedException">Any failed request or status other than 2xx, or the rate was not kept.</exception>
    public static async Task<LoadResult> RunAsync(
        Work work, int port, double rate, int seconds, IReadOnlyList<int> cores, string folder, CancellationToken stop)
    {
        var log = Path.Combine(folder, "h2load.log");
        File.Delete(log);
        var perConnection = (rate / Connections).ToString("F1", CultureInfo.InvariantCulture);
        string[] arguments =
        [
            "--h1", "-t1", $"-c{Connections}", "-D", $"{seconds}", "--rps", perConnection, "--log-file", log, $"http://127.0.0.1:{port}{work.Target}",
        ];
        var output = await Child.RunAsync(new Launch("h2load", arguments), cores, TimeSpan.FromSeconds(seconds + 15), stop);

        var done = Count(DonePattern(), output);
        foreach (var (what, count) in (ReadOnlySpan<(string, long)>)
            [("failed", Count(FailedPattern(), output)), ("errored", Count(ErroredPattern(), output)), ("timed out", Count(TimeoutPattern(), output))])
            if (count > 0) throw new RowFailedException($"h2load: {count} requests {what}");
        if (Count(SuccessPattern(), output) != done) throw new RowFailedException("h2load: some answers had a status other than 2xx");
        // As with wrk: each answer of the right length, but for those under way at the end.
        var surplus = Count(BodyBytesPattern(), output) - done * work.Body.Length;
        if (surplus < 0 || surplus > (long)Connections * work.Body.Length) throw new RowFailedException("h2load: some answers had another length");
        if (done < KeptRate * rate * seconds)
            throw new RowFailedException(
                $"h2load kept {done / (double)seconds:N0} requests/s of the {rate:N0} asked for: server or load is too slow for an open loop");

        var latencies = File.ReadLines(log).Select(line => int.Parse(line.AsSpan(line.LastIndexOf('\t') + 1), CultureInfo.InvariantCulture)).ToArray();
        File.Delete(log);
        Array.Sort(latencies);
        return new LoadResult(done, 0, TimeSpan.FromSeconds(seconds), Percentile(50), Percentile(99));

        double Percentile(int percent) => latencies[Math.Min(latencies.Length - 1, latencies.Length * percent / 100)];
    }

    private static long Count(Regex pattern, string output) =>
        pattern.Match(output) is { Success: true } match
            ? long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            : throw new RowFailedException($"h2load gave no summary: {output.Trim()}");

    [GeneratedRegex(@"requests: .* (\d+) done,")]
    private static partial Regex DonePattern();

    [GeneratedRegex(@"requests: .* (\d+) failed,")]
    private static partial Regex FailedPattern();

    [GeneratedRegex(@"requests: .* (\d+) errored,")]
    private static partial Regex ErroredPattern();

    [GeneratedRegex(@"requests: .* (\d+) timeout")]
    private static partial Regex TimeoutPattern();

    [GeneratedRegex(@"status codes: (\d+) 2xx")]
    private static partial Regex SuccessPattern();

    [GeneratedRegex(@"traffic: .* \S+ \((\d+)\) data")]
    private static partial Regex BodyBytesPattern();
}
