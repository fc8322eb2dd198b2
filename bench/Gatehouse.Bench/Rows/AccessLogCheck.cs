using System.Diagnostics;
using Gatehouse.Bench.Results;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Rows;

/// <summary>Shows that a log that was paid for was written.</summary>
internal static class AccessLogCheck
{
    // Both buffer; nginx is told to flush after a second.
    private static readonly TimeSpan FlushBound = TimeSpan.FromSeconds(5);

    /// <summary>Waits until the log of <paramref name="server"/> has at least as many lines as its rounds had answers.</summary>
    /// <exception cref="RowFailedException">It has not within five seconds.</exception>
    public static async Task RunAsync(RunningServer server, Side side, Session session)
    {
        var needed = (long)side.Samples.Sum(sample => Math.Floor(sample.RequestsPerSecond) * session.Plan.RoundSeconds);
        var clock = Stopwatch.StartNew();
        long lines;
        while ((lines = CountLines(server.Setup.AccessLog)) < needed)
        {
            if (clock.Elapsed > FlushBound)
                throw new RowFailedException($"{server.Program.Name}: the access log has {lines} lines for at least {needed} answers");
            await Task.Delay(200, session.Stop);
        }
    }

    private static long CountLines(string path)
    {
        if (!File.Exists(path)) return 0;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var buffer = new byte[1 << 20];
        long lines = 0;
        int got;
        while ((got = file.Read(buffer)) > 0) lines += buffer.AsSpan(0, got).Count((byte)'\n');
        return lines;
    }
}
