using Gatehouse.Http.Client.Tests.Support;
using Gatehouse.Http.Urls;

namespace Gatehouse.Http.Client.Tests.Requests;

/// <summary>Through an HTTP proxy: requests in absolute-form, or a tunnel.</summary>
public sealed class ProxyTests
{
    [Fact]
    public async Task Proxy_gets_the_absolute_form_and_its_own_credentials()
    {
        await using var proxy = ScriptedServer.Start(RequesterLab.MirrorAsync);
        using var requester = new HttpRequester(new RequesterOptions { ProxyFor = _ => Url.Parse($"http://pat:secret@127.0.0.1:{proxy.Port}") });
        var (response, body) = await requester.GetTextAsync(Url.Parse("http://user@origin.example:8080/a?b#c"));
        Assert.StartsWith("GET http://origin.example:8080/a?b HTTP/1.1\r\nHost: origin.example:8080\r\n", body, StringComparison.Ordinal);
        Assert.Contains($"\r\nAuthorization: Basic {Convert.ToBase64String("user:"u8)}\r\n", body, StringComparison.Ordinal);
        Assert.Contains($"\r\nProxy-Authorization: Basic {Convert.ToBase64String("pat:secret"u8)}\r\n", body, StringComparison.Ordinal);
        Assert.Equal(proxy.Endpoint, response.RemoteEndpoint);

        // Another origin by the same proxy: the same connection.
        Assert.True((await requester.GetTextAsync(Url.Parse("http://other.example/"))).Response.IsReused);
    }

    [Fact]
    public async Task Tunnel_is_asked_for_once_and_carries_requests_in_origin_form()
    {
        await using var proxy = ScriptedServer.Start(async side =>
        {
            Assert.Equal(
                $"CONNECT origin.example:80 HTTP/1.1\r\nHost: origin.example:80\r\nUser-Agent: gatehouse/0.1\r\n"
                + $"Proxy-Authorization: Basic {Convert.ToBase64String("pat:"u8)}\r\n\r\n",
                await side.ReadHeadAsync());
            await side.SendAsync("HTTP/1.1 200 Connection established\r\n\r\n");
            await RequesterLab.MirrorAsync(side);
        });
        using var requester = Tunnelling($"http://pat@127.0.0.1:{proxy.Port}");
        for (var i = 0; i < 3; i++)
        {
            var (response, body) = await requester.GetTextAsync(Url.Parse("http://origin.example/a"));
            Assert.StartsWith("GET /a HTTP/1.1\r\nHost: origin.example\r\n", body, StringComparison.Ordinal);
            Assert.DoesNotContain("Proxy-Authorization", body, StringComparison.Ordinal);
            Assert.Equal(i > 0, response.IsReused);
        }
        Assert.Equal(1, proxy.Accepted);
    }

    [Fact]
    public async Task Refused_tunnel_says_what_the_proxy_answered()
    {
        await using var proxy = ScriptedServer.Start(async side =>
        {
            await side.ReadHeadAsync();
            await side.SendAsync("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
        });
        using var requester = Tunnelling($"http://127.0.0.1:{proxy.Port}");
        var exception = await Assert.ThrowsAsync<ClientException>(() => requester.GetAsync(Url.Parse("http://origin.example/")));
        Assert.Equal(ClientFault.ProxyRefused, exception.Fault);
        Assert.Equal($"the proxy 127.0.0.1:{proxy.Port} answered 407 to the request for a tunnel to origin.example:80", exception.Message);
    }

    [Fact]
    public async Task Cancellation_ends_the_wait_for_a_tunnel()
    {
        await using var proxy = ScriptedServer.Start(side => side.ReadToEndAsync());
        using var requester = Tunnelling($"http://127.0.0.1:{proxy.Port}");
        using var stop = new CancellationTokenSource(150);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => requester.GetAsync(Url.Parse("http://origin.example/"), stop.Token));
    }

    [Fact]
    public async Task Proxy_is_chosen_for_each_url()
    {
        await using var proxy = ScriptedServer.Start(RequesterLab.MirrorAsync);
        using var server = new TestServer(exchange => exchange.SendAsync("direct"u8.ToArray()));
        var proxyUrl = Url.Parse($"http://127.0.0.1:{proxy.Port}");
        using var requester = new HttpRequester(new RequesterOptions { ProxyFor = url => url.Host == "127.0.0.1" ? null : proxyUrl });
        Assert.Equal("direct", (await requester.GetTextAsync(server.Url())).Body);
        Assert.StartsWith("GET http://a.example/", (await requester.GetTextAsync(Url.Parse("http://a.example/"))).Body, StringComparison.Ordinal);
    }

    private static HttpRequester Tunnelling(string proxy) => new(new RequesterOptions { ProxyFor = _ => Url.Parse(proxy), TunnelsThroughProxy = true });
}
