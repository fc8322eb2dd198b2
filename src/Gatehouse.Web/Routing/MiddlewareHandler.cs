using Gatehouse.Http;

namespace Gatehouse.Web;

/// <summary>A function that wraps a handler.</summary>
internal sealed class MiddlewareHandler(Func<Context, IHandler, ValueTask> middleware, IHandler next) : IHandler
{
    public ValueTask HandleAsync(Exchange exchange) => middleware(Call.Of(exchange).Context, next);
}
