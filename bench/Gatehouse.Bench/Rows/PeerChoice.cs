using Gatehouse.Bench.Load;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Rows;

/// <summary>Finds a peer's best settings for a row.</summary>
internal static class PeerChoice
{
    /// <summary>The one of <paramref name="choices"/> that uses the least CPU per request, measured in turns; the only one without measuring.</summary>
    public static async Task<IServerProgram> BestAsync(
        Session session, IReadOnlyList<IServerProgram> choices, Work work, LoadTool load, Func<ServerSetup, ServerSetup> adapt)
    {
        if (choices.Count == 1) return choices[0];
        var servers = new List<RunningServer>();
        try
        {
            foreach (var choice in choices) servers.Add(await session.StartAsync(choice, work, adapt));
            var sides = await Contest.RunAsync(
                servers, work, session.Plan.ChoiceRounds, server => load(session, server, work, session.Plan.ChoiceSeconds), session.Stop);
            return choices[sides.Index().MinBy(side => side.Item.CpuMicros).Index];
        }
        finally
        {
            foreach (var server in servers) await server.DisposeAsync();
        }
    }
}
