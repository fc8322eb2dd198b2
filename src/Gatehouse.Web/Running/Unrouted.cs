using Gatehouse.Http;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Web;

/// <summary>What answers a request that no route answers: 404, 405 with Allow, and OPTIONS. The application's wrappers see these too.</summary>
internal sealed class Unrouted
{
    private static readonly RoutePattern Pattern = RoutePattern.Parse("/");
    private readonly RouteEndpoint _notFound;
    private readonly RouteEndpoint _notAllowed;
    private readonly RouteEndpoint _options;

    public Unrouted(App app, bool isInline)
    {
        _notFound = Make(app, isInline, new ProblemHandler(404));
        _notAllowed = Make(app, isInline, new ProblemHandler(405));
        _options = Make(app, isInline, new OptionsHandler());
    }

    public RouteEndpoint For(Request request, List<RouteLeaf>? passed, Response response)
    {
        if (passed is null)
            return _notFound;
        response.Headers.Add(KnownHeader.Allow, RouteLeaf.Allow(passed, request.Host));
        return request.Method == Method.Options ? _options : _notAllowed;
    }

    private static RouteEndpoint Make(App app, bool isInline, IHandler handler)
    {
        var route = new Route(app, [], "*", null, handler, "the framework");
        if (isInline)
            route.Inline();
        return new RouteEndpoint(route, Pattern, route.Wrap(handler));
    }

    private sealed class ProblemHandler(int status) : IHandler
    {
        public ValueTask HandleAsync(Exchange exchange)
        {
            new Problem(status).Write(Call.Of(exchange));
            return default;
        }
    }

    private sealed class OptionsHandler : IHandler
    {
        public ValueTask HandleAsync(Exchange exchange)
        {
            exchange.Response.Status = 204;
            return default;
        }
    }
}
