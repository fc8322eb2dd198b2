using Gatehouse.Http.Client.Tests.Support;
using Gatehouse.Http.Cookies;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Client.Tests.Requests;

/// <summary>The jar's cookies go out and the server's come in, at every step of a chain of redirects.</summary>
public sealed class CookieTests
{
    [Fact]
    public async Task Cookies_of_a_redirect_go_with_the_next_request()
    {
        using var server = new TestServer(exchange =>
        {
            if (exchange.Request.Path.SequenceEqual("/login"u8))
            {
                exchange.Response.Status = 303;
                exchange.Response.Headers.Add(KnownHeader.Location, "/home"u8);
                exchange.Response.Headers.Add(KnownHeader.SetCookie, "id=42; Path=/"u8);
                exchange.Response.Headers.Add(KnownHeader.SetCookie, "theme=dark; HttpOnly"u8);
                exchange.Response.Headers.Add(KnownHeader.SetCookie, "secret=x; Secure"u8);
                return exchange.CompleteAsync();
            }
            exchange.Request.Headers.TryGet(KnownHeader.Cookie, out var cookies);
            return exchange.SendAsync(cookies.ToArray());
        });
        var jar = new CookieJar();
        using var requester = new HttpRequester(new RequesterOptions { Cookies = jar });
        Assert.Equal("id=42; theme=dark", (await requester.SendTextAsync(new ClientRequest("POST", server.Url("/login")))).Body);
        Assert.Equal(2, jar.Count);
        Assert.Equal("id=42; theme=dark", (await requester.GetTextAsync(server.Url("/")))!.Body);

        // A Cookie field of the caller's own is all that is sent.
        Assert.Equal("mine=1", (await requester.SendTextAsync(new ClientRequest(server.Url("/")).With("Cookie", "mine=1"))).Body);

        using var without = new HttpRequester();
        Assert.Equal("", (await without.SendTextAsync(new ClientRequest("POST", server.Url("/login")))).Body);
    }
}
