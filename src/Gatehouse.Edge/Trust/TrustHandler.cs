using Gatehouse.Http;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Edge.Trust;

/// <summary>
/// Settles who the client is before anything else looks: the peer, or, when the peer is a proxy that the configuration trusts, whom it names. Addresses are read
/// from the right and the first that is not trusted is the client, since everything left of it may be made up (RFC 7239 section 8.1).
/// </summary>
public sealed class TrustHandler : IHandler
{
    private readonly IHandler _inner;
    private readonly IpPrefixSet<bool> _prefixes;
    private readonly Func<IpAddress, bool> _isTrusted;

    /// <summary>Trusts proxies whose address is in one of <paramref name="prefixes"/>.</summary>
    public TrustHandler(IReadOnlyList<IpPrefix> prefixes, IHandler inner)
    {
        ArgumentNullException.ThrowIfNull(prefixes);
        _inner = inner;
        _prefixes = new IpPrefixSet<bool>(prefixes.Select(prefix => KeyValuePair.Create(prefix, true)));
        _isTrusted = IsTrusted;
    }

    /// <inheritdoc/>
    public ValueTask HandleAsync(Exchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        if (IsTrusted(exchange.RemoteEndpoint.Address))
            ForwardedIdentity.Apply(exchange.Request, _isTrusted);
        return _inner.HandleAsync(exchange);
    }

    // The peer of a Unix socket is on this machine and reached a file that its owner let it reach.
    private bool IsTrusted(IpAddress address) => address.IsNone || _prefixes.Contains(address);
}
