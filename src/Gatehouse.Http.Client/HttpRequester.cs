using System.Diagnostics;
using System.Text;
using Gatehouse.Http.Client.Exchanges;
using Gatehouse.Http.Client.Origins;
using Gatehouse.Http.Client.Redirects;
using Gatehouse.Http.Urls;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Client;

/// <summary>
/// Makes HTTP requests for applications and tools: keeps connections, follows redirects, sends and takes cookies, decodes content, goes through proxies.
/// Usable from any thread; make one and keep it. It is not called HttpClient because every .NET program sees the HttpClient of System.Net.Http, nor Client,
/// which would hide behind the last part of this namespace; it is what makes requests, and what it does beyond one exchange is what a user agent does
/// (RFC 9110 section 3.5).
/// </summary>
/// <remarks>
/// The connections to an origin live on one reactor (another for each origin), so that they are found again; a caller on a reactor of the group stays on its
/// own. The proxy's and load generator's path is <see cref="ConnectionPool"/> itself, which allocates nothing.
/// </remarks>
public sealed class HttpRequester : IDisposable
{
    private readonly RequesterOptions _options;
    private readonly OriginTable[] _origins;
    private bool _isDisposed;

    /// <summary>A requester.</summary>
    public HttpRequester(RequesterOptions? options = null)
    {
        _options = options ?? RequesterOptions.Default;
        _origins = [.. (_options.Reactors ?? ReactorGroup.Shared).Reactors.Select(reactor => new OriginTable(reactor, _options))];
    }

    /// <summary>Sends a GET request.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public Task<ClientResponse> GetAsync(Url url, CancellationToken cancellation = default) => SendAsync(new ClientRequest(url), cancellation);

    /// <summary>
    /// Sends a request and reads the head of the response, that of the last one after redirects. The response is the caller's, to be disposed of.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellation">Gives up; once the response is there, its body has tokens of its own.</param>
    /// <exception cref="ClientException">A step failed: which one is in <see cref="ClientException.Fault"/>.</exception>
    /// <exception cref="IOException">The request's body could not be written; the inner exception says why.</exception>
    /// <exception cref="NotSupportedException">The URL is neither http nor https.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The requester was disposed of.</exception>
    public async Task<ClientResponse> SendAsync(ClientRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var home = Home();
        try
        {
            return await FollowAsync(Hop.First(request), home, Stopwatch.GetTimestamp(), cancellation);
        }
        finally
        {
            // Nobody's code but this library's goes on on a reactor it was not on.
            if (home is null)
                await Task.Yield();
        }
    }

    /// <summary>Closes the connections at rest; those in use when their responses end.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        foreach (var table in _origins)
            table.Close();
    }

    private async ValueTask<ClientResponse> FollowAsync(Hop hop, OriginTable? home, long started, CancellationToken cancellation)
    {
        for (var redirects = 0; ;)
        {
            var response = await SendHopAsync(hop, home, redirects, started, cancellation);
            if (response.Status == 417 && hop.ExpectsContinue)
            {
                // RFC 9110 section 15.5.18: the expectation is what was refused; the body has not been touched.
                await response.DiscardAsync(cancellation);
                hop = hop with { ExpectsContinue = false };
                continue;
            }
            if (_options.MaxRedirects == 0)
                return response;
            Hop? next;
            try
            {
                next = Redirect.Follow(hop, response.Status, response.Headers, _options.AllowsDowngrade);
                if (next is null)
                    return response;
                if (++redirects > _options.MaxRedirects)
                    throw Unfollowed($"more than {_options.MaxRedirects} redirects, the last one to {next.Url.HrefWithoutFragment}");
            }
            catch
            {
                response.Dispose();
                throw;
            }
            await response.DiscardAsync(cancellation);
            hop = next;
        }
    }

    private static ClientException Unfollowed(string message) => new(ClientFault.Redirect, message);

    private async ValueTask<ClientResponse> SendHopAsync(Hop hop, OriginTable? home, int redirects, long started, CancellationToken cancellation)
    {
        var proxy = _options.ProxyFor?.Invoke(hop.Url);
        CheckScheme(hop.Url, "URL");
        if (proxy is not null)
            CheckScheme(proxy, "proxy's URL");
        var isTunnel = proxy is not null && (_options.TunnelsThroughProxy || hop.Url.Scheme == "https");
        var key = OriginKey.Of(hop.Url, proxy, isTunnel, _options.ConnectTo?.Invoke(proxy ?? hop.Url) ?? default(Endpoint));
        var table = home ?? _origins[(uint)key.GetHashCode() % (uint)_origins.Length];
        var deadline = new Deadline(_options.Total, started);
        using var stop = deadline.Link(cancellation);
        try
        {
            for (var isFresh = false; ; isFresh = true)
            {
                await ReactorSwitch.To(table.Reactor);
                var exchange = new ClientExchange(table.Reactor, _options, hop, isTunnel ? null : proxy);
                try
                {
                    var connection = await exchange.SendAsync(table.Get(key), isFresh, stop.Token);
                    var response = new ClientResponse(table.Reactor, connection, exchange, _options, hop.Url, redirects, deadline);
                    TakeCookies(hop.Url, response.Headers);
                    return response;
                }
                catch (ClientException exception) when (exception.Fault == ClientFault.ClosedBeforeResponse && exchange.IsReused && hop.MayRepeat)
                {
                    // A connection at rest was closed by the server just when it was taken up again (RFC 9112 section 9.3.1).
                }
            }
        }
        catch (Exception exception)
        {
            deadline.Dispose();
            if (!stop.IsCancellationRequested || exception is not (ClientException or OperationCanceledException))
                throw;
            cancellation.ThrowIfCancellationRequested();
            throw deadline.Passed(exception);
        }
    }

    // The caller's own reactor, when it is one of the group.
    private OriginTable? Home()
    {
        var current = Reactor.Current;
        if (current is null || current.Index >= _origins.Length)
            return null;
        var table = _origins[current.Index];
        return ReferenceEquals(table.Reactor, current) ? table : null;
    }

    private void TakeCookies(Url url, HeaderList headers)
    {
        if (_options.Cookies is not { } jar)
            return;
        var host = Encoding.ASCII.GetBytes(url.Host!);
        var path = Encoding.ASCII.GetBytes(url.Path);
        for (var i = 0; i < headers.Count; i++)
        {
            if (headers[i].Known == KnownHeader.SetCookie)
                jar.Store(host, path, isSecure: url.Scheme == "https", headers[i].Value);
        }
    }

    private static void CheckScheme(Url url, string what)
    {
        if (url.Scheme is not ("http" or "https"))
            throw new NotSupportedException($"The {what} has the scheme '{url.Scheme}'; expected an http:// or https:// URL.");
    }
}
