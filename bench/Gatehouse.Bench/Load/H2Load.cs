using System.Globalization;
using System.Text.RegularExpressions;
using Gatehouse.Bench.Processes;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Load;

/// <summary>
/// h2load: over HTTP/1.1 at a fixed rate, an open loop that does not wait for slow answers before it owes the next request; and over HTTP/2 with TLS, a
/// closed loop of streams.
/// </summary>
internal static partial class H2Load
{
    public const int Connections = 64;

    /// <summary>Connections of HTTP/2, and streams that are open at once on each.</summary>
    public const int Http2Connections = 8, Streams = 32;

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

        var done = CheckedCount(output, work, Connections);
        if (done < KeptRate * rate * seconds)
            throw new RowFailedException(
                $"h2load kept {done / (double)seconds:N0} requests/s of the {rate:N0} asked for: server or load is too slow for an open loop");

        var latencies = File.ReadLines(log).Select(line => int.Parse(line.AsSpan(line.LastIndexOf('\t') + 1), CultureInfo.InvariantCulture)).ToArray();
        File.Delete(log);
        Array.Sort(latencies);
        return new LoadResult(done, 0, TimeSpan.FromSeconds(seconds), Percentile(50), Percentile(99));

        double Percentile(int percent) => latencies[Math.Min(latencies.Length - 1, latencies.Length * percent / 100)];
    }

    /// <summary>A closed loop over HTTP/2 with TLS, from the load's core.</summary>
    /// <exception cref="RowFailedException">Any failed request or status other than 2xx, or the server speaks no HTTP/2.</exception>
    public static async Task<LoadResult> StreamsAsync(Session session, RunningServer server, Work work, int seconds)
    {
        string[] arguments = ["-t1", $"-c{Http2Connections}", $"-m{Streams}", "-D", $"{seconds}", $"https://127.0.0.1:{server.Setup.Port}{work.Target}"];
        var output = await Child.RunAsync(new Launch("h2load", arguments), session.Cores.LoadOnly, TimeSpan.FromSeconds(seconds + 15), session.Stop);
        if (!output.Contains("Application protocol: h2\n", StringComparison.Ordinal)) throw new RowFailedException("h2load: HTTP/2 was not agreed on");
        if (server.TlsFacts is { } facts && CipherPattern().Match(output) is { Success: true } suite && !facts.EndsWith(suite.Groups[1].Value, StringComparison.Ordinal))
            throw new RowFailedException($"h2load agreed on the suite {suite.Groups[1].Value}, the probe on {facts}");
        return new LoadResult(CheckedCount(output, work, Http2Connections * Streams), 0, TimeSpan.FromSeconds(seconds), null, null);
    }

    // Whole answers: each with 2xx and of the right length, but for those under way at the end, as with wrk.
    private static long CheckedCount(string output, Work work, int underWay)
    {
        var done = Count(DonePattern(), output);
        foreach (var (what, count) in (ReadOnlySpan<(string, long)>)
            [("failed", Count(FailedPattern(), output)), ("errored", Count(ErroredPattern(), output)), ("timed out", Count(TimeoutPattern(), output))])
            if (count > 0) throw new RowFailedException($"h2load: {count} requests {what}");
        if (done == 0) throw new RowFailedException("h2load: there was no answer");
        if (Count(SuccessPattern(), output) != done) throw new RowFailedException("h2load: some answers had a status other than 2xx");
        var surplus = Count(BodyBytesPattern(), output) - done * work.Body.Length;
        if (surplus < 0 || surplus > (long)underWay * work.Body.Length) throw new RowFailedException("h2load: some answers had another length");
        return done;
    }

    private static long Count(Regex pattern, string output) =>
        pattern.Match(output) is { Success: true } match
            ? long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            : throw new RowFailedException($"h2load gave no summary: {output.Trim()}");

    [GeneratedRegex(@"Cipher: (\S+)")]
    private static partial Regex CipherPattern();

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
