using Gatehouse.Http;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Edge.Access;

/// <summary>
/// Answers 403 to clients that may not ask. The client is the one that trusted proxies name; the peer of a Unix socket has no address and is in no prefix, so
/// that it is let in only where nothing is allowed by name.
/// </summary>
internal sealed class AccessHandler : IHandler
{
    private readonly IHandler _inner;
    private readonly IpPrefixSet<bool> _prefixes;
    private readonly bool _otherwise;

    public AccessHandler(AccessConfig config, IHandler inner)
    {
        _inner = inner;
        _otherwise = config.Allow.Count == 0;
        _prefixes = new IpPrefixSet<bool>(
            [.. config.Allow.Select(prefix => KeyValuePair.Create(prefix, true)), .. config.Deny.Select(prefix => KeyValuePair.Create(prefix, false))]);
    }

    public ValueTask HandleAsync(Exchange exchange)
    {
        if (_prefixes.TryGetValue(exchange.Request.Client.Address, out var isAllowed) ? isAllowed : _otherwise)
            return _inner.HandleAsync(exchange);
        exchange.Notes.Failure = "the client's address is not let in (access)";
        exchange.Response.Status = 403;
        return default;
    }
}
