using Gatehouse.Http;

namespace Gatehouse.Edge.Headers;

/// <summary>Applies the request's rules, and has the answer's applied when its head is made.</summary>
internal sealed class HeadersHandler(HeaderRules? request, ResponseHeaderFilter? response, IHandler inner) : IHandler
{
    public ValueTask HandleAsync(Exchange exchange)
    {
        // The filter first: the rules for the answer also hold for the 400 to a request that the other rules refuse.
        if (response is not null)
            exchange.AddFilter(response);
        request?.ApplyToRequest(exchange);
        return inner.HandleAsync(exchange);
    }
}

/// <summary>Applies the rules for the answer; one object for all exchanges.</summary>
internal sealed class ResponseHeaderFilter(HeaderRules rules) : IResponseFilter
{
    public IBodyTransform? OnResponse(Exchange exchange)
    {
        rules.ApplyToResponse(exchange);
        return null;
    }
}
