using Gatehouse.Http;

namespace Gatehouse.Edge.Logs;

/// <summary>An exchange that is over, as a line of the log sees it.</summary>
/// <param name="exchange">The exchange.</param>
/// <param name="endedAt"><see cref="System.Diagnostics.Stopwatch.GetTimestamp"/> at its end.</param>
/// <param name="now">The time of the line.</param>
internal readonly ref struct LogEntry(Exchange exchange, long endedAt, DateTime now)
{
    public Exchange Exchange { get; } = exchange;

    public long Ticks { get; } = endedAt - exchange.StartedAt;

    public DateTime Now { get; } = now;
}
