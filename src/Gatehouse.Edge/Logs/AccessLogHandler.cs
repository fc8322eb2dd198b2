using System.Diagnostics;
using Gatehouse.Http;

namespace Gatehouse.Edge.Logs;

/// <summary>Writes a line of the access log for each exchange, once it is over.</summary>
public sealed class AccessLogHandler(IHandler inner, LogFormat format, LogSink sink) : IHandler, IExchangeObserver
{
    /// <inheritdoc/>
    public ValueTask HandleAsync(Exchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        exchange.AddObserver(this);
        return inner.HandleAsync(exchange);
    }

    /// <inheritdoc/>
    public void OnEnded(Exchange exchange) => sink.Append(format, new LogEntry(exchange, Stopwatch.GetTimestamp(), DateTime.UtcNow));
}
