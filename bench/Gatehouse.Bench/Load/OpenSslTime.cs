using System.Globalization;
using System.Text.RegularExpressions;
using Gatehouse.Bench.Processes;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Load;

/// <summary>openssl s_time: one connection after the other, each resuming the session of the first, TLS 1.2.</summary>
internal static partial class OpenSslTime
{
    /// <summary>A <see cref="LoadTool"/>. s_time speaks HTTP/1.0 and reads to the end of the connection.</summary>
    /// <exception cref="RowFailedException">A connection failed, or was not resumed, or brought no answer.</exception>
    public static async Task<LoadResult> ResumedAsync(Session session, RunningServer server, Work work, int seconds)
    {
        string[] arguments =
            ["s_time", "-connect", $"127.0.0.1:{server.Setup.Port}", "-reuse", "-tls1_2", "-time", $"{seconds}", "-www", work.Target];
        var output = await Child.RunAsync(new Launch("openssl", arguments), session.Cores.LoadOnly, TimeSpan.FromSeconds(seconds + 15), session.Stop);
        var summary = SummaryPattern().Match(output);
        if (!summary.Success) throw new RowFailedException($"openssl s_time gave no summary: {output.Trim()}");
        var connections = Number(1);

        // A letter for each connection: r where the session was resumed.
        var resumed = output.Split('\n').Where(line => line.Length > 0 && line.All(letter => letter is 'r')).Sum(line => line.Length);
        if (connections == 0 || resumed < connections) throw new RowFailedException($"openssl s_time: of {connections} connections {resumed} were resumed");
        if (Number(3) < work.Body.Length) throw new RowFailedException($"openssl s_time: {Number(3)} bytes were read from each connection");
        return new LoadResult(connections, 0, TimeSpan.FromSeconds(Math.Max(1, Number(2))), null, null);

        long Number(int group) => long.Parse(summary.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"(\d+) connections in (\d+) real seconds, (\d+) bytes read per connection")]
    private static partial Regex SummaryPattern();
}
