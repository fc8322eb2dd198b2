using System.Collections.Concurrent;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Http.Server.Tests.Support;

/// <summary>Keeps what the server told of refusals and failures.</summary>
internal sealed class RecordedEvents : IServerEvents
{
    public ConcurrentQueue<(int Status, string Reason)> Refused { get; } = new();

    public ConcurrentQueue<Exception> Failed { get; } = new();

    public void OnRefused(Endpoint remote, int status, string reason) => Refused.Enqueue((status, reason));

    public void OnHandlerFailed(Exchange exchange, Exception exception) => Failed.Enqueue(exception);

    /// <summary>Waits for the one event of a test and looks at it.</summary>
    public void OnlyRefused(int status, string part)
    {
        Eventually.True(() => !Refused.IsEmpty, $"an event with '{part}'");
        var (found, reason) = Assert.Single(Refused);
        Assert.Contains(part, reason, StringComparison.Ordinal);
        Assert.Equal(status, found);
    }

    public void OnAcceptSuspended(string reason)
    {
    }
}
