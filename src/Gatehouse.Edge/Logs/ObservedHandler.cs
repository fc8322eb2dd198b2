using System.Runtime.CompilerServices;
using Gatehouse.Http;
using Gatehouse.Http.Tasks;

namespace Gatehouse.Edge.Logs;

/// <summary>
/// Looks at each exchange once the wrapped handler is done with it, also when it threw. A handler that finishes at once pays for no state machine.
/// </summary>
public abstract class ObservedHandler : IHandler
{
    private readonly IHandler _inner;

    /// <summary>Looks at what <paramref name="inner"/> answers.</summary>
    protected ObservedHandler(IHandler inner) => _inner = inner;

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
            OnFault(exchange, fault);
            throw;
        }
        if (!answer.IsCompletedSuccessfully)
            return WaitAsync(exchange, answer);
        answer.GetAwaiter().GetResult();
        OnDone(exchange, exchange.Response.Status);
        return default;
    }

    /// <summary>
    /// The handler is done. <paramref name="status"/> is the answer's: after an exception the one that it stands for, unless the answer had begun.
    /// </summary>
    protected abstract void OnDone(Exchange exchange, int status);

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private async ValueTask WaitAsync(Exchange exchange, ValueTask answer)
    {
        try
        {
            await answer;
        }
        catch (Exception fault)
        {
            OnFault(exchange, fault);
            throw;
        }
        OnDone(exchange, exchange.Response.Status);
    }

    private void OnFault(Exchange exchange, Exception fault)
    {
        exchange.Notes.Failure ??= fault.Message;
        OnDone(exchange, exchange.Response.HasStarted ? exchange.Response.Status : fault is BadRequestException bad ? bad.Status : 500);
    }
}
