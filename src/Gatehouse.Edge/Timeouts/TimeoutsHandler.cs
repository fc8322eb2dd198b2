using System.Runtime.CompilerServices;
using Gatehouse.Http;
using Gatehouse.Http.Settings;
using Gatehouse.Http.Tasks;

namespace Gatehouse.Edge.Timeouts;

/// <summary>
/// Ends requests that take too long. What runs cannot be taken away from a handler, so it is asked to end (<see cref="Exchange.Expire"/>): the proxy drops its
/// connection, a read of the body fails, an application's token is cancelled. When it has ended, the answer is 503, 504 when an upstream was asked, or 408
/// when the client's body was awaited. A handler that does not end within a second costs its client the connection; one whose answer has begun, too, since
/// any other end would pass for a whole answer.
/// </summary>
public sealed class TimeoutsHandler : IHandler
{
    private readonly IHandler _inner;
    private readonly DeadlineRules? _rules;
    private readonly TimeSpan? _body;

    /// <summary>Holds <paramref name="inner"/> to the limits.</summary>
    public TimeoutsHandler(TimeoutsConfig config, IHandler inner)
    {
        ArgumentNullException.ThrowIfNull(config);
        _inner = inner;
        _body = config.Body;
        if (config.Answer is null && config.Request is null)
            return;
        _rules = new DeadlineRules(
            (long?)config.Answer?.TotalMilliseconds ?? long.MaxValue,
            (long?)config.Request?.TotalMilliseconds ?? long.MaxValue,
            $"the answer did not begin within {Duration.Format(config.Answer ?? default)} (timeouts.answer)",
            $"the request was not done within {Duration.Format(config.Request ?? default)} (timeouts.request)");
    }

    /// <inheritdoc/>
    public ValueTask HandleAsync(Exchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        if (_body is { } body)
            exchange.BodyTime = body;
        if (_rules is null)
            return _inner.HandleAsync(exchange);
        var deadline = Deadline.Start(exchange, _rules);
        ValueTask task;
        try
        {
            task = _inner.HandleAsync(exchange);
        }
        catch
        {
            deadline.End();
            throw;
        }
        if (!task.IsCompleted)
            return AwaitAsync(exchange, task, deadline);
        deadline.End();
        return task;
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private static async ValueTask AwaitAsync(Exchange exchange, ValueTask task, Deadline deadline)
    {
        Exception? failure = null;
        try
        {
            await task;
        }
        catch (Exception exception)
        {
            failure = exception;
        }
        // What the handler reports of its end is the consequence; the limit is the cause.
        if (deadline.End() is { } limit && !exchange.Response.HasStarted && !exchange.IsAborted)
        {
            exchange.Notes.Failure = limit;
            if (failure is BadRequestException { Status: 408 })
                throw new BadRequestException(408, limit);
            exchange.Response.Reset();
            exchange.Response.Status = exchange.Notes.UpstreamTries > 0 ? 504 : 503;
            return;
        }
        if (failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }
}
