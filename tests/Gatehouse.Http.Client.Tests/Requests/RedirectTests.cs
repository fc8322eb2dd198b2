using System.Text;
using Gatehouse.Http.Client.Exchanges;
using Gatehouse.Http.Client.Redirects;
using Gatehouse.Http.Client.Tests.Support;
using Gatehouse.Http.Urls;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Client.Tests.Requests;

/// <summary>RFC 9110 section 15.4: which redirects are followed, by what request, and with which of its fields.</summary>
public sealed class RedirectTests
{
    [Theory]
    [InlineData("GET", 301, "GET", false)]
    [InlineData("GET", 302, "GET", false)]
    [InlineData("GET", 303, "GET", false)]
    [InlineData("GET", 307, "GET", false)]
    [InlineData("GET", 308, "GET", false)]
    [InlineData("HEAD", 303, "HEAD", false)]
    [InlineData("HEAD", 302, "HEAD", false)]
    [InlineData("POST", 301, "GET", false)]
    [InlineData("POST", 302, "GET", false)]
    [InlineData("POST", 303, "GET", false)]
    [InlineData("POST", 307, "POST", true)]
    [InlineData("POST", 308, "POST", true)]
    [InlineData("PUT", 301, "PUT", true)]
    [InlineData("PUT", 302, "PUT", true)]
    [InlineData("PUT", 303, "GET", false)]
    [InlineData("DELETE", 307, "DELETE", false)]
    [InlineData("DELETE", 303, "GET", false)]
    public void Method_and_body_of_the_next_request(string method, int status, string next, bool keepsBody)
    {
        var body = method is "POST" or "PUT" ? RequestBody.FromText("x") : null;
        var hop = Follow(Hop.First(new ClientRequest(method, Url.Parse("http://a/b"), body)), status, "/c")!;
        Assert.Equal((next, keepsBody, "http://a/c"), (hop.Method, hop.Body is not null, hop.Url.Href));
        Assert.Equal(keepsBody, hop.Headers.Contains(KnownHeader.ContentType));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(300)]
    [InlineData(304)]
    [InlineData(305)]
    [InlineData(399)]
    public void Other_statuses_are_answers(int status) => Assert.Null(Follow(First("http://a/"), status, "/c"));

    [Fact]
    public void Without_a_location_it_is_an_answer() => Assert.Null(Redirect.Follow(First("http://a/"), 302, new HeaderList(), allowsDowngrade: false));

    [Theory]
    [InlineData("http://a/b/c?d", "e", "http://a/b/e")]
    [InlineData("http://a/b/c?d", "?e", "http://a/b/c?e")]
    [InlineData("http://a/b", "//c/d", "http://c/d")]
    [InlineData("http://a/b", "/é", "http://a/%C3%A9")]
    [InlineData("http://a/b#f", "/c", "http://a/c#f")]
    [InlineData("http://a/b#f", "/c#g", "http://a/c#g")]
    [InlineData("http://a/b", "", "http://a/b")]
    public void Location_is_a_reference(string from, string location, string to) => Assert.Equal(to, Follow(First(from), 302, location)!.Url.Href);

    [Fact]
    public void Location_may_be_latin_1()
    {
        var headers = new HeaderList();
        headers.Add(KnownHeader.Location, [(byte)'/', 0xE9]);
        Assert.Equal("http://a/%C3%A9", Redirect.Follow(First("http://a/"), 302, headers, allowsDowngrade: false)!.Url.Href);
    }

    [Theory]
    [InlineData("http://a/", "http://a/x", true)]
    [InlineData("http://a/", "http://a:80/x", true)]
    [InlineData("http://a/", "http://a:81/x", false)]
    [InlineData("http://a/", "http://b/x", false)]
    [InlineData("http://a/", "https://a/x", false)]
    public void Credentials_stay_with_their_origin(string from, string to, bool keeps)
    {
        var request = new ClientRequest(Url.Parse(from)).With("Authorization", "Bearer x").With("Cookie", "a=b").With("Host", "mine").With("X-Other", "y");
        var hop = Follow(Hop.First(request), 302, to)!;
        foreach (var name in new[] { KnownHeader.Authorization, KnownHeader.Cookie, KnownHeader.Host })
            Assert.Equal(keeps, hop.Headers.Contains(name));
        Assert.True(hop.Headers.TryGet("X-Other"u8, out _));
    }

    [Theory]
    [InlineData("https://a/", "http://a/", false, "from https to http")]
    [InlineData("http://a/", "ftp://a/", false, "leads to ftp:, which is not HTTP")]
    [InlineData("http://a/", "javascript:alert(1)", false, "leads to javascript:")]
    [InlineData("http://a/", "http://[", false, "is not a URL")]
    [InlineData("https://a/", "http://a/", true, null)]
    public void Some_are_not_followed(string from, string to, bool allows, string? message)
    {
        var headers = new HeaderList();
        headers.Add(KnownHeader.Location, Encoding.UTF8.GetBytes(to));
        if (message is null)
        {
            Assert.NotNull(Redirect.Follow(First(from), 302, headers, allows));
            return;
        }
        var exception = Assert.Throws<ClientException>(() => Redirect.Follow(First(from), 302, headers, allows));
        Assert.Equal(ClientFault.Redirect, exception.Fault);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Body_that_is_gone_cannot_follow()
    {
        var body = RequestBody.FromWriter((_, _) => Task.CompletedTask);
        var hop = Hop.First(new ClientRequest("POST", Url.Parse("http://a/"), body));
        Assert.Contains("cannot be sent again", Assert.Throws<ClientException>(() => Follow(hop, 307, "/x")).Message, StringComparison.Ordinal);
        Assert.NotNull(Follow(hop, 303, "/x"));
    }

    [Fact]
    public async Task Chain_is_followed_over_one_connection_and_counted()
    {
        using var server = new TestServer(StepAsync);
        using var requester = new HttpRequester();
        var (response, body) = await requester.GetTextAsync(server.Url("/10"));
        Assert.Equal((200, "there", 10, "/0"), (response.Status, body, response.Redirects, response.Url.Path));
        Assert.True(response.IsReused);
        Assert.Equal(1, server.Server.OpenConnections);

        var exception = await Assert.ThrowsAsync<ClientException>(() => requester.GetAsync(server.Url("/11")));
        Assert.Equal(ClientFault.Redirect, exception.Fault);
        Assert.Contains("more than 10 redirects", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_none_allowed_the_redirect_is_the_answer()
    {
        using var server = new TestServer(StepAsync);
        using var requester = new HttpRequester(new RequesterOptions { MaxRedirects = 0 });
        var (response, _) = await requester.GetTextAsync(server.Url("/3"));
        Assert.Equal((302, "/2", 0), (response.Status, response["Location"], response.Redirects));
    }

    [Fact]
    public async Task Replayable_body_is_sent_again()
    {
        using var server = new TestServer(async exchange =>
        {
            var body = new MemoryStream();
            var buffer = new byte[1000];
            int count;
            while ((count = await exchange.ReadAsync(buffer)) > 0)
                body.Write(buffer, 0, count);
            if (exchange.Request.Path.SequenceEqual("/old"u8))
            {
                exchange.Response.Status = 307;
                exchange.Response.Headers.Add(KnownHeader.Location, "/new"u8);
            }
            await exchange.SendAsync(body.ToArray());
        });
        using var requester = new HttpRequester();
        var body = RequestBody.FromStream(new MemoryStream("again"u8.ToArray()));
        var (response, text) = await requester.SendTextAsync(new ClientRequest("POST", server.Url("/old"), body));
        Assert.Equal((200, "again", 1), (response.Status, text, response.Redirects));
    }

    private static ValueTask StepAsync(Exchange exchange)
    {
        var left = int.Parse(Encoding.ASCII.GetString(exchange.Request.Path[1..]), System.Globalization.CultureInfo.InvariantCulture);
        if (left == 0)
            return exchange.SendAsync("there"u8.ToArray());
        exchange.Response.Status = 302;
        exchange.Response.Headers.Add(KnownHeader.Location, Encoding.ASCII.GetBytes($"/{left - 1}"));
        return exchange.SendAsync("a page that says so"u8.ToArray());
    }

    private static Hop First(string url) => Hop.First(new ClientRequest(Url.Parse(url)));

    private static Hop? Follow(Hop hop, int status, string location)
    {
        var headers = new HeaderList();
        headers.Add(KnownHeader.Location, Encoding.UTF8.GetBytes(location));
        return Redirect.Follow(hop, status, headers, allowsDowngrade: false);
    }
}
