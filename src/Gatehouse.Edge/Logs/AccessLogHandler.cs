using System.Diagnostics;
using Gatehouse.Http;

namespace Gatehouse.Edge.Logs;

/// <summary>Writes a line of the access log for each exchange.</summary>
public sealed class AccessLogHandler : ObservedHandler
{
    private readonly LogFormat _format;
    private readonly LogSink _sink;

    /// <summary>Logs what <paramref name="inner"/> answers.</summary>
    public AccessLogHandler(IHandler inner, LogFormat format, LogSink sink)
        : base(inner)
    {
        _format = format;
        _sink = sink;
    }

    /// <inheritdoc/>
    protected override void OnDone(Exchange exchange, int status) =>
        _sink.Append(_format, new LogEntry(exchange, status, Stopwatch.GetTimestamp(), DateTime.UtcNow));
}
