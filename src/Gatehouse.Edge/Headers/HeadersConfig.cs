using Gatehouse.Http.Settings;

namespace Gatehouse.Edge.Headers;

/// <summary>What is done to the fields of requests and answers.</summary>
public sealed record HeadersConfig
{
    /// <summary>Rules for the request as the handler and its upstreams see it.</summary>
    [Setting("Rules for the request, as the handler and its upstreams see it")]
    public HeaderRulesConfig Request { get; init; } = new();

    /// <summary>Rules for the answer as the client sees it.</summary>
    [Setting("Rules for the answer, as the client sees it, error pages included")]
    public HeaderRulesConfig Response { get; init; } = new();
}
