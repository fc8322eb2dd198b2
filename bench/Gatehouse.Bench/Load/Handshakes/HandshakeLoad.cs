using System.Globalization;
using Gatehouse.Bench.Processes;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Load.Handshakes;

/// <summary>A new connection of TLS 1.3 for each request, from <see cref="HandshakeClient"/>.</summary>
internal static class HandshakeLoad
{
    // What OpenSSL gives after a full handshake of TLS 1.3, and after a resumed one, unless it is told otherwise.
    private const int FullTickets = 2, ResumedTickets = 1;

    /// <summary>A <see cref="LoadTool"/>: nothing is resumed.</summary>
    /// <exception cref="RowFailedException">A connection failed, or the server gives another number of tickets.</exception>
    public static Task<LoadResult> FullAsync(Session session, RunningServer server, Work work, int seconds) =>
        RunAsync(session, server, work, seconds, "new", FullTickets);

    /// <summary>A <see cref="LoadTool"/>: every connection resumes a session.</summary>
    /// <exception cref="RowFailedException">A connection failed or was not resumed, or the server gives another number of tickets.</exception>
    public static Task<LoadResult> ResumedAsync(Session session, RunningServer server, Work work, int seconds) =>
        RunAsync(session, server, work, seconds, "resumed", ResumedTickets);

    private static async Task<LoadResult> RunAsync(Session session, RunningServer server, Work work, int seconds, string mode, int tickets)
    {
        string[] arguments =
        [
            typeof(HandshakeLoad).Assembly.Location, HandshakeClient.Word, $"{server.Setup.Port}", work.Target, $"{seconds}", $"{server.WireLength}", mode,
        ];
        var output = await Child.RunAsync(
            new Launch(Environment.ProcessPath!, arguments), session.Cores.LoadOnly, TimeSpan.FromSeconds(seconds + 15), session.Stop);
        var figures = output.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Trim().Split('='))
            .ToDictionary(pair => pair[0], pair => double.Parse(pair[1], CultureInfo.InvariantCulture));
        var handshakes = (long)figures["handshakes"];
        if (handshakes == 0) throw new RowFailedException("there was no handshake");
        if ((long)figures["tickets"] != tickets * handshakes)
            throw new RowFailedException($"expected {tickets} tickets for each handshake, found {figures["tickets"]} for {handshakes}");
        return new LoadResult(handshakes, 0, TimeSpan.FromSeconds(figures["seconds"]), figures["p50"], figures["p99"]);
    }
}
