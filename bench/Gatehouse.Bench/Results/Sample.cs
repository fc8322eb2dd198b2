namespace Gatehouse.Bench.Results;

/// <summary>One measured round of one server.</summary>
/// <param name="CpuMicros">Server CPU per request, µs.</param>
/// <param name="RequestsPerSecond">Whole answers per second.</param>
/// <param name="P50Micros">Median latency at the load, µs; null when the tool does not tell.</param>
/// <param name="P99Micros">99th percentile of latency at the load, µs; null likewise.</param>
/// <param name="WaitedShare">Share of the round in which a thread of the server was ready and its core was someone else's.</param>
internal sealed record Sample(double CpuMicros, double RequestsPerSecond, double? P50Micros, double? P99Micros, double WaitedShare);
