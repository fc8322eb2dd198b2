namespace Gatehouse.Bench.Load;

/// <summary>What a load tool counted: whole answers, bytes with their heads, the time it took, and latency in µs where it is known.</summary>
internal sealed record LoadResult(long Requests, long Bytes, TimeSpan Elapsed, double? P50, double? P99);
