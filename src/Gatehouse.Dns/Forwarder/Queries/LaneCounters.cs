namespace Gatehouse.Dns.Forwarder.Queries;

/// <summary>What one reactor has counted. Written there alone; read from anywhere.</summary>
internal sealed class LaneCounters
{
    internal readonly long[] Queries = new long[Enum.GetValues<ClientKind>().Length];
    internal long CacheHits;
    internal long CacheMisses;
    internal long StaleAnswers;
    internal long LocalAnswers;
    internal long Blocked;
    internal long Refused;
    internal long Limited;
    internal long Malformed;
    internal long Failures;
    internal long Prefetches;
    internal long Unsent;
}
