using Gatehouse.Http.Cookies;
using Gatehouse.Http.Urls;
using Gatehouse.Net.Names;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tls;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Http.Client;

/// <summary>How an <see cref="HttpRequester"/> makes its requests.</summary>
public sealed record RequesterOptions
{
    /// <summary>The defaults.</summary>
    public static RequesterOptions Default { get; } = new();

    /// <summary>How long each step may take.</summary>
    public ClientTimeouts Timeouts { get; init; } = ClientTimeouts.Default;

    /// <summary>
    /// How long all may take, from the call to the end of the response's body, redirects included; by default as long as no single step is too long.
    /// </summary>
    public TimeSpan Total { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>What is accepted of a response's head.</summary>
    public Http1Limits Limits { get; init; } = Http1Limits.Default;

    /// <summary>Bytes of content that a response may have, decoded or not; by default any number, since a body that is streamed is not held.</summary>
    public long MaxBodyBytes { get; init; } = long.MaxValue;

    /// <summary>Bytes of content that <see cref="ClientResponse.ReadBytesAsync"/> and <see cref="ClientResponse.ReadTextAsync"/> collect in memory.</summary>
    public int MaxBufferedBytes { get; init; } = 100 * 1024 * 1024;

    /// <summary>
    /// Redirects that are followed; the next is a fault. 10, as in this project's tools (curl has 50, Go 10). With 0 none is followed, and the response that
    /// redirects is the answer.
    /// </summary>
    public int MaxRedirects { get; init; } = 10;

    /// <summary>True to follow a redirect from https to http, which tells an eavesdropper where one goes and lets him answer.</summary>
    public bool AllowsDowngrade { get; init; }

    /// <summary>True to ask for content codings and to decode them (RFC 9110 section 8.4).</summary>
    public bool Decodes { get; init; } = true;

    /// <summary>Where cookies come from and go to; null for none. May be shared.</summary>
    public CookieJar? Cookies { get; init; }

    /// <summary>The proxy for a URL, an http URL whose user and password, if any, are its credentials; null to go without. Must not block.</summary>
    public Func<Url, Url?>? ProxyFor { get; init; }

    /// <summary>True to reach http URLs too through a tunnel (CONNECT), instead of having the proxy make the request.</summary>
    public bool TunnelsThroughProxy { get; init; }

    /// <summary>
    /// Where to connect for a URL (or for that of its proxy) instead of resolving its host: another address, or a Unix socket. Null leaves a URL
    /// as it is. Must not block.
    /// </summary>
    public Func<Url, Endpoint?>? ConnectTo { get; init; }

    /// <summary>Who finds the addresses of hosts.</summary>
    public INameResolver Resolver { get; init; } = SystemNameResolver.Instance;

    /// <summary>How TLS is spoken for https URLs; <see cref="TlsClient.Default"/> when null.</summary>
    public TlsClient? Tls { get; init; }

    /// <summary>Who sees the heads of requests and responses; null for nobody.</summary>
    public IRequestObserver? Observer { get; init; }

    /// <summary>The reactors that hold the connections; <see cref="ReactorGroup.Shared"/> when null.</summary>
    public ReactorGroup? Reactors { get; init; }
}
