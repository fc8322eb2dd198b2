using Gatehouse.Bench.Results;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Rows;

/// <summary>From the spawn of the program to the first whole answer.</summary>
internal sealed class StartRow(string name, string title, double boundMilliseconds) : IRow
{
    private const int Starts = 5;

    public string Name => name;
    public string Title => title;

    public async Task<RowResult> RunAsync(Session session)
    {
        var gatehouse = await TimesAsync(session, session.Gatehouse);
        var nginx = await TimesAsync(session, new Nginx());
        return new RowResult(
            Name, Title, [],
            [new Check($"start to first answer, best of {Starts}", gatehouse.Min(), boundMilliseconds, "ms", Spread(gatehouse))],
            [$"nginx: {Spread(nginx)} ms"]);
    }

    // Pinned to no core: what counts is what a person who starts it sees.
    private static async Task<IReadOnlyList<double>> TimesAsync(Session session, IServerProgram program)
    {
        var times = new List<double>();
        for (var i = 0; i < Starts; i++)
        {
            var setup = session.Workspace.NewServer(program.Name);
            await using var server = await RunningServer.StartAsync(program, setup, Workspace.Hello, [], session.Stop);
            times.Add(server.StartUp.TotalMilliseconds);
        }

        return times;
    }

    private static string Spread(IReadOnlyList<double> times) => FormattableString.Invariant($"{times.Min():0}–{times.Max():0}");
}
