namespace Gatehouse.Dns.Forwarder.Queries;

/// <summary>Queries that may wait for servers, on all reactors together.</summary>
internal sealed class OutstandingBudget(int limit)
{
    private int _count;

    internal int Limit { get; set; } = limit;

    internal int Count => Volatile.Read(ref _count);

    internal bool IsSpent => Count >= Limit;

    internal void Take() => Interlocked.Increment(ref _count);

    internal void Give(int count) => Interlocked.Add(ref _count, -count);
}
