using System.Diagnostics;
using System.Runtime.CompilerServices;
using Gatehouse.Http;
using Gatehouse.Http.Tasks;

namespace Gatehouse.Edge.Logs;

/// <summary>Logs each exchange once its handler is done with it, also when the handler threw: the line then has the status that the exception stands for.</summary>
public sealed class AccessLogHandler : IHandler
{
    private readonly IHandler _inner;
    private readonly LogFormat _format;
    private readonly LogSink _sink;

    /// <summary>Logs what <paramref name="inner"/> answers.</summary>
    public AccessLogHandler(IHandler inner, LogFormat format, LogSink sink)
    {
        _inner = inner;
        _format = format;
        _sink = sink;
    }

    /// <inheritdoc/>
    public ValueTask HandleAsync(Exchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        ValueTask answer;
        try
        {
            answer = _inner.HandleAsync(exchange);
        }
        catch (Exception fault)
        {
            LogFault(exchange, fault);
            throw;
        }
        if (!answer.IsCompletedSuccessfully)
            return WaitAsync(exchange, answer);
        answer.GetAwaiter().GetResult();
        Log(exchange, exchange.Response.Status);
        return default;
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private async ValueTask WaitAsync(Exchange exchange, ValueTask answer)
    {
        try
        {
            await answer;
        }
        catch (Exception fault)
        {
            LogFault(exchange, fault);
            throw;
        }
        Log(exchange, exchange.Response.Status);
    }

    private void LogFault(Exchange exchange, Exception fault)
    {
        exchange.Notes.Failure ??= fault.Message;
        // An answer that has begun has its status; one that has not gets that of the exception from the driver.
        Log(exchange, exchange.Response.HasStarted ? exchange.Response.Status : fault is BadRequestException bad ? bad.Status : 500);
    }

    private void Log(Exchange exchange, int status) =>
        _sink.Append(_format, new LogEntry(exchange, status, Stopwatch.GetTimestamp(), DateTime.UtcNow));
}
