using Gatehouse.Bench.Probes;

namespace Gatehouse.Bench.Load;

/// <summary>Keep-alive connections that have each had one answer and then stay silent.</summary>
internal sealed class IdleConnections : IDisposable
{
    private readonly List<AnswerProbe> _probes = [];

    /// <summary>Opens <paramref name="count"/> more, each sending its one request.</summary>
    /// <exception cref="RowFailedException">One was refused or its answer was not 200.</exception>
    public async Task OpenAsync(int port, Work work, int count, CancellationToken stop)
    {
        for (var i = 0; i < count; i++)
        {
            var probe = await AnswerProbe.ConnectAsync(port, stop);
            _probes.Add(probe);
            await AskAsync(probe, work, stop);
        }
    }

    /// <summary>Shows that all are still open, by one more request on each.</summary>
    /// <exception cref="RowFailedException">The server has closed one.</exception>
    public async Task UseAllAsync(Work work, CancellationToken stop)
    {
        foreach (var probe in _probes) await AskAsync(probe, work, stop);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var probe in _probes) probe.Dispose();
    }

    private static async Task AskAsync(AnswerProbe probe, Work work, CancellationToken stop)
    {
        var answer = await probe.FetchAsync(work, stop);
        if (answer.Status != 200) throw new RowFailedException($"{work.Target}: expected status 200, found {answer.Status}");
    }
}
