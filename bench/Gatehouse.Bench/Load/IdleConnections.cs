using Gatehouse.Bench.Probes;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Load;

/// <summary>Keep-alive connections that have each had one answer and then stay silent.</summary>
internal sealed class IdleConnections : IDisposable
{
    // No more than a listener's queue takes at once.
    private const int AtOnce = 64;

    private readonly List<AnswerProbe> _probes = [];

    /// <summary>Opens <paramref name="count"/> more, each sending its one request.</summary>
    /// <exception cref="RowFailedException">One was refused or its answer was not 200.</exception>
    public async Task OpenAsync(ServerSetup server, Work work, int count, CancellationToken stop)
    {
        for (var opened = 0; opened < count; opened += AtOnce)
            await Task.WhenAll(Enumerable.Range(0, Math.Min(AtOnce, count - opened)).Select(_ => OpenOneAsync(server, work, stop)));
    }

    /// <summary>Shows that all are still open, by one more request on each.</summary>
    /// <exception cref="RowFailedException">The server has closed one.</exception>
    public async Task UseAllAsync(Work work, CancellationToken stop)
    {
        foreach (var batch in _probes.Chunk(AtOnce)) await Task.WhenAll(batch.Select(probe => AskAsync(probe, work, stop)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var probe in _probes) probe.Dispose();
    }

    private async Task OpenOneAsync(ServerSetup server, Work work, CancellationToken stop)
    {
        var probe = await AnswerProbe.ConnectAsync(server.Port, server.Tls, stop);
        lock (_probes) _probes.Add(probe);
        await AskAsync(probe, work, stop);
    }

    private static async Task AskAsync(AnswerProbe probe, Work work, CancellationToken stop)
    {
        var answer = await probe.FetchAsync(work, stop);
        if (answer.Status != 200) throw new RowFailedException($"{work.Target}: expected status 200, found {answer.Status}");
    }
}
