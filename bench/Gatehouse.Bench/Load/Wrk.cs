using System.Globalization;
using Gatehouse.Bench.Processes;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Load;

/// <summary>wrk: a closed loop, each connection sending its next request when the answer is there.</summary>
internal static class Wrk
{
    public const int Connections = 64;

    /// <summary>Loads a server for whole seconds from <paramref name="cores"/>, with a thread for each.</summary>
    /// <param name="work">The request.</param>
    /// <param name="wireLength">The length of one answer on the wire, against which the bytes are checked.</param>
    /// <param name="server">Where, and whether with TLS.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="cores">Where wrk runs.</param>
    /// <param name="script">Path of wrk.lua.</param>
    /// <param name="stop">Ends the load early.</param>
    /// <exception cref="RowFailedException">Any socket error, time-out or error status, or bytes that do not fit the number of answers.</exception>
    public static async Task<LoadResult> RunAsync(
        Work work, int wireLength, ServerSetup server, int seconds, IReadOnlyList<int> cores, string script, CancellationToken stop)
    {
        List<string> arguments = [$"-t{cores.Count}", $"-c{Connections}", $"-d{seconds}s", "--timeout", "10s", "-s", script];
        foreach (var header in work.Headers) arguments.AddRange(["-H", header]);
        arguments.Add($"{(server.Tls is null ? "http" : "https")}://127.0.0.1:{server.Port}{work.Target}");
        if (work.Upload > 0) arguments.Add($"{work.Upload}");

        var output = await Child.RunAsync(new Launch("wrk", arguments), cores, TimeSpan.FromSeconds(seconds + 15), stop);
        var summary = Parse(output);
        foreach (var error in (string[])["connect", "read", "write", "status", "timeout"])
            if (summary[error] > 0) throw new RowFailedException($"wrk counted {summary[error]} errors of kind '{error}'");

        var result = new LoadResult(
            (long)summary["requests"], (long)summary["bytes"], TimeSpan.FromMicroseconds(summary["microseconds"]), summary["p50"], summary["p99"]);
        if (work.IsVaried) return result.Requests > 0 ? result with { Bytes = 0 } : throw new RowFailedException("wrk got no answer");
        // wrk looks at no body: each answer must have had the right length, but for those under way at the end.
        var surplus = result.Bytes - result.Requests * wireLength;
        if (result.Requests == 0 || surplus < 0 || surplus > (long)Connections * wireLength)
            throw new RowFailedException($"wrk read {result.Bytes} bytes in {result.Requests} answers of {wireLength}: some had another length");
        return result;
    }

    private static Dictionary<string, double> Parse(string output)
    {
        var line = output.Split('\n').FirstOrDefault(l => l.StartsWith("summary ", StringComparison.Ordinal))
            ?? throw new RowFailedException($"wrk gave no summary: {output.Trim()}");
        return line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => double.Parse(pair[1], CultureInfo.InvariantCulture));
    }
}
