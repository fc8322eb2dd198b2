using Gatehouse.Http.Urls;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Http.Client.Origins;

/// <summary>Requests of which key may share connections: those to one host and port, by one way there.</summary>
/// <param name="Scheme">The URL's scheme.</param>
/// <param name="Host">The host that connections go to: of the URL, of the proxy that makes requests, or the end of the tunnel.</param>
/// <param name="Port">Its port.</param>
/// <param name="Proxy">The proxy that the tunnel goes through, or null; with its credentials, for what it lets one user do is not for the others.</param>
/// <param name="Endpoint">What is connected to in place of an address of the host (or proxy); the default value when it is resolved.</param>
internal readonly record struct OriginKey(string Scheme, string Host, int Port, Url? Proxy, Endpoint Endpoint)
{
    /// <summary>The key of a URL.</summary>
    /// <param name="url">An http URL.</param>
    /// <param name="proxy">The proxy, or null.</param>
    /// <param name="isTunnel">True when the proxy makes a tunnel, false when it makes the request.</param>
    /// <param name="endpoint">What is connected to in place of the host or proxy.</param>
    public static OriginKey Of(Url url, Url? proxy, bool isTunnel, Endpoint endpoint)
    {
        var next = proxy is null || isTunnel ? url : proxy;
        return new OriginKey(next.Scheme, next.Host!, next.EffectivePort!.Value, isTunnel ? proxy : null, endpoint);
    }
}
