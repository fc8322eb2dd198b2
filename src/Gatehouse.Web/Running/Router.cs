using Gatehouse.Http;

namespace Gatehouse.Web;

/// <summary>The handler of a started application: finds the route of a request and runs it where it belongs.</summary>
internal sealed class Router(App app, RouteTable routes) : IHandler
{
    public ValueTask HandleAsync(Exchange exchange)
    {
        var call = Call.Of(exchange);
        call.Begin(app, routes);
        return call.RunAsync();
    }
}
