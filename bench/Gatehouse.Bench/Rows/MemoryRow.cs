using System.Globalization;
using Gatehouse.Bench.Load;
using Gatehouse.Bench.Probes;
using Gatehouse.Bench.Results;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Rows;

/// <summary>Resident memory when idle, and for each further idle keep-alive connection.</summary>
/// <param name="name">For --only.</param>
/// <param name="title">For people.</param>
/// <param name="idleBound">The most that may be resident before any load, MB; null for no bound.</param>
/// <param name="connectionBound">The most that a further connection may take, KB.</param>
internal sealed class MemoryRow(string name, string title, double? idleBound, double connectionBound) : IRow
{
    public string Name => name;
    public string Title => title;

    /// <summary>Idle connections that are held.</summary>
    public int Connections { get; init; } = 10_000;

    /// <summary>They speak TLS.</summary>
    public bool Secure { get; init; }

    public async Task<RowResult> RunAsync(Session session)
    {
        RequireDescriptors();
        var (gatehouse, idle, perConnection) = await MeasureAsync(session, session.Gatehouse);
        var (nginx, nginxIdle, nginxPerConnection) = await MeasureAsync(session, new Nginx());
        var held = new Check(
            string.Create(CultureInfo.InvariantCulture, $"for each of {Connections:#,0} idle connections"), perConnection, connectionBound, "KB");
        return new RowResult(
            Name, Title, [gatehouse, nginx],
            idleBound is { } bound ? [new Check("resident when idle", idle, bound, "MB"), held] : [held],
            [
                FormattableString.Invariant($"nginx: {nginxIdle:0.0} MB idle, {nginxPerConnection:0.00} KB for each connection"),
                "RSS above is with the connections held",
                .. Secure ? ["libssl 3.0's own objects take 13.7 KB of each, in every program that uses it"] : Array.Empty<string>(),
            ]);
    }

    private async Task<(Side Side, double IdleMegabytes, double KilobytesPerConnection)> MeasureAsync(Session session, IServerProgram program)
    {
        var work = Workspace.Hello;
        var settle = TimeSpan.FromSeconds(session.Plan.SettleSeconds);
        await using var server = await session.StartAsync(program, work, setup => setup with { Tls = Secure ? session.Workspace.Tls : null });
        await Task.Delay(settle, session.Stop);
        var idle = ResidentMemory.Of(server.Pid);

        // What the first connections make the server grow once (compiled code, pools) is not the price of a further one.
        await session.LoadAsync(server, work, session.Plan.WarmUpSeconds);
        await Task.Delay(settle, session.Stop);
        var before = ResidentMemory.Of(server.Pid);
        using var connections = new IdleConnections();
        await connections.OpenAsync(server.Setup, work, Connections, session.Stop);
        await Task.Delay(settle, session.Stop);
        var after = ResidentMemory.Of(server.Pid);

        await connections.UseAllAsync(work, session.Stop);
        await server.CheckAsync(work, session.Stop);
        return (new Side(program.Name, program.Settings, [], after), idle / (double)(1 << 20), (after - before) / 1024.0 / Connections);
    }

    // The runtime has raised our soft limit to the hard one, and children inherit it.
    private void RequireDescriptors()
    {
        var needed = Connections + 500;
        var line = File.ReadLines("/proc/self/limits").First(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        var hard = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];
        if (hard != "unlimited" && int.Parse(hard, CultureInfo.InvariantCulture) < needed)
            throw new RowFailedException($"{Connections} connections need a limit of {needed} open files (ulimit -Hn); it is {hard}");
    }
}
