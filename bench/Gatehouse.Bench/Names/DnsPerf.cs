using System.Globalization;
using System.Text.RegularExpressions;
using Gatehouse.Bench.Load;
using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Names;

/// <summary>dnsperf: a closed loop, with 100 queries outstanding.</summary>
internal static partial class DnsPerf
{
    public const string CommonSettings = "dnsperf, one thread, 100 queries outstanding, 16 sockets or connections";

    /// <summary>Asks from a file for whole seconds, again and again.</summary>
    public static Task<LoadResult> ForSecondsAsync(NameSetup setup, NameWay way, string file, int seconds, IReadOnlyList<int> cores, CancellationToken stop) =>
        RunAsync(setup, way, file, ["-l", $"{seconds}"], seconds + 30, cores, stop);

    /// <summary>Asks all that is in a file once.</summary>
    public static Task<LoadResult> OnceAsync(NameSetup setup, NameWay way, string file, IReadOnlyList<int> cores, CancellationToken stop) =>
        RunAsync(setup, way, file, ["-n", "1"], 300, cores, stop);

    private static async Task<LoadResult> RunAsync(
        NameSetup setup, NameWay way, string file, IReadOnlyList<string> more, int limit, IReadOnlyList<int> cores, CancellationToken stop)
    {
        List<string> arguments = ["-s", "127.0.0.1", "-p", $"{setup.PortOf(way)}", "-m", way.ToString().ToLowerInvariant(), "-d", file, "-c", "16", "-T", "1", "-q", "100", "-t", "5", .. more];
        if (way == NameWay.Doh)
            arguments.AddRange(["-O", "doh-uri=https://localhost/dns-query"]);
        var output = await Child.RunAsync(new Launch("dnsperf", arguments), cores, TimeSpan.FromSeconds(limit), stop);
        var (sent, done) = ((long)Figure(output, Sent()), (long)Figure(output, Completed()));
        var good = (long)Figure(output, Good());
        if (done == 0 || good != done || sent - done > sent / 1000)
            throw new RowFailedException($"dnsperf sent {sent} queries, had {done} answers and {good} good ones");
        return new LoadResult(done, 0, TimeSpan.FromSeconds(Figure(output, Seconds())), 1e6 * Figure(output, Average()), 1e6 * Figure(output, Slowest()));
    }

    private static double Figure(string output, Regex pattern) => pattern.Match(output) is { Success: true } match
        ? double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
        : throw new RowFailedException($"dnsperf gave no figure for '{pattern}': {output.Trim()}");

    [GeneratedRegex(@"Queries sent:\s+(\d+)")]
    private static partial Regex Sent();

    [GeneratedRegex(@"Queries completed:\s+(\d+)")]
    private static partial Regex Completed();

    [GeneratedRegex(@"NOERROR (\d+)")]
    private static partial Regex Good();

    [GeneratedRegex(@"Run time \(s\):\s+([\d.]+)")]
    private static partial Regex Seconds();

    [GeneratedRegex(@"Average Latency \(s\):\s+([\d.]+)")]
    private static partial Regex Average();

    [GeneratedRegex(@"max ([\d.]+)\)")]
    private static partial Regex Slowest();
}
