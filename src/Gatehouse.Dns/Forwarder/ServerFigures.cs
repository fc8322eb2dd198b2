using System.Diagnostics;
using Gatehouse.Dns.Forwarder.Queries;

namespace Gatehouse.Dns.Forwarder;

/// <summary>What was counted of one server that is asked.</summary>
/// <param name="Name">The server, as it was written.</param>
/// <param name="Queries">Queries that it was asked.</param>
/// <param name="Failures">Those that it did not answer.</param>
/// <param name="Seconds">How long answers took lately.</param>
/// <param name="IsUp">Whether it answers.</param>
public sealed record ServerFigures(string Name, long Queries, long Failures, double Seconds, bool IsUp)
{
    internal static ServerFigures Of(IGrouping<string, Upstream> all) => new(
        all.Key, all.Sum(one => one.Queries), all.Sum(one => one.Failures), all.Max(one => one.Latency) / Stopwatch.Frequency, !all.All(one => one.IsDown));
}
