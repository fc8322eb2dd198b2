using Microsoft.AspNetCore.SignalR;

namespace Gatehouse.AspNetCore.Tests.Applications;

/// <summary>A hub that is called, calls back, and streams.</summary>
public sealed class EchoHub : Hub
{
    /// <summary>Answers with what it was given.</summary>
    public string Echo(string text) => text;

    /// <summary>Tells every client.</summary>
    public Task Tell(string text) => Clients.All.SendAsync("told", text);

    /// <summary>Streams numbers.</summary>
    public async IAsyncEnumerable<int> Count(int to)
    {
        for (var i = 1; i <= to; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }
}
