using Gatehouse.Dns.Forwarder.Queries;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Dns.Forwarder.Fronts;

/// <summary>A request that waits for its answer.</summary>
internal sealed class DnsOverHttpsWait : IReplySink
{
    private TaskCompletionSource<(ReadOnlyMemory<byte> Answer, uint Left)>? _done;

    /// <summary>The answer, and for how long it may be kept. Asked for on the reactor that took the query.</summary>
    internal Task<(ReadOnlyMemory<byte> Answer, uint Left)> Task => (_done ??= new()).Task;

    public void Reply(ReadOnlySpan<byte> answer, in Endpoint peer, object? state, uint left) => (_done ??= new()).TrySetResult((answer.ToArray(), left));
}
