using Gatehouse.Http.Client.Tests.Support;
using Gatehouse.Http.Urls;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Testing;

namespace Gatehouse.Http.Client.Tests.Requests;

/// <summary>What goes over the wire for a request, what comes back of a response, and from where one may call.</summary>
public sealed class RequesterTests
{
    [Fact]
    public async Task Request_goes_out_as_written_and_with_what_was_missing()
    {
        await using var server = ScriptedServer.Start(RequesterLab.MirrorAsync);
        using var requester = new HttpRequester();
        var url = Url.Parse($"http://user:p%40ss@127.0.0.1:{server.Port}/a%20b?q=1#frag");
        var request = new ClientRequest("PATCH", url, RequestBody.FromText("text", "text/x-mine"))
            .With("X-Mine", "é")
            .With("Content-Length", "999")
            .With("Transfer-Encoding", "gzip");
        var (response, body) = await requester.SendTextAsync(request);
        Assert.Equal(200, response.Status);
        Assert.Equal(
            $"PATCH /a%20b?q=1 HTTP/1.1\r\nHost: 127.0.0.1:{server.Port}\r\nX-Mine: Ã©\r\nContent-Type: text/x-mine\r\n"
            + $"User-Agent: gatehouse/0.1\r\nAccept: */*\r\n"
            + $"Accept-Encoding: gzip, deflate, br, zstd\r\nAuthorization: Basic {Convert.ToBase64String("user:p@ss"u8)}\r\nContent-Length: 4\r\n\r\ntext",
            body);
    }

    [Fact]
    public async Task Given_fields_replace_the_defaults()
    {
        await using var server = ScriptedServer.Start(RequesterLab.MirrorAsync);
        using var requester = new HttpRequester();
        var request = new ClientRequest(server.Url()).With("Host", "shop.example").With("User-Agent", "me")
            .With("Accept", "text/html").With("Accept-Encoding", "br").With("Authorization", "Bearer x");
        var (_, body) = await requester.SendTextAsync(request);
        Assert.Equal(
            "GET / HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: me\r\nAccept: text/html\r\nAccept-Encoding: br\r\nAuthorization: Bearer x\r\n\r\n", body);
    }

    [Theory]
    [InlineData("POST", "Content-Length: 0\r\n")]
    [InlineData("PUT", "Content-Length: 0\r\n")]
    [InlineData("DELETE", "")]
    [InlineData("OPTIONS", "")]
    public async Task Length_is_told_where_content_is_anticipated(string method, string field)
    {
        await using var server = ScriptedServer.Start(RequesterLab.MirrorAsync);
        using var requester = new HttpRequester();
        var (_, body) = await requester.SendTextAsync(new ClientRequest(method, server.Url()));
        Assert.Equal(field.Length > 0, body.Contains("Content-Length", StringComparison.Ordinal));
        Assert.Contains(field, body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /")]
    [InlineData("")]
    [InlineData("GÉT")]
    [InlineData("CONNECT")]
    public void Methods_are_tokens_and_not_connect(string method) => Assert.Throws<ArgumentException>(() => new ClientRequest(method, Url.Parse("http://a/")));

    [Fact]
    public void Fields_cannot_split_the_head() =>
        Assert.Throws<ArgumentException>(() => new ClientRequest(Url.Parse("http://a/")).With("X", "a\r\nEvil: b"));

    [Fact]
    public async Task Response_is_told_whole()
    {
        await using var server = ScriptedServer.Start(async side =>
        {
            await side.ReadHeadAsync();
            await side.SendAsync("HTTP/1.0 418 I'm a teapot\r\nX-A: 1\r\nx-a: 2\r\nContent-Type: text/plain;charset=iso-8859-1\r\n\r\ncaf\xe9");
        });
        using var requester = new HttpRequester();
        var (response, body) = await requester.GetTextAsync(server.Url());
        Assert.Equal((418, "I'm a teapot", HttpVersion.Http10, "café"), (response.Status, response.Reason, response.Version, body));
        Assert.Equal("1", response["X-A"]);
        Assert.Null(response["X-B"]);
        Assert.Equal(3, response.Headers.Count);
        Assert.Null(response.ContentLength);
        Assert.Equal(server.Endpoint, response.RemoteEndpoint);
        Assert.Equal(server.Url(), response.Url);
    }

    [Fact]
    public async Task Steps_are_timed_in_order()
    {
        using var server = new TestServer(async exchange =>
        {
            while (await exchange.ReadAsync(new byte[10_000]) > 0)
            {
            }
            await exchange.SendAsync("ok"u8.ToArray());
        });
        using var requester = new HttpRequester();
        var (response, _) = await requester.SendTextAsync(
            new ClientRequest("POST", Url.Parse($"http://localhost:{server.Endpoint.Port}/"), RequestBody.FromStream(new MemoryStream(new byte[100_000]))));
        var timing = response.Timing;
        Assert.True(
            timing.NameResolved <= timing.Connected && timing.Connected <= timing.RequestSent
                && timing.RequestSent <= timing.HeadReceived && timing.HeadReceived <= timing.BodyReceived,
            $"{timing.NameResolved} {timing.Connected} {timing.RequestSent} {timing.HeadReceived} {timing.BodyReceived}");
        var (again, _) = await requester.GetTextAsync(Url.Parse($"http://localhost:{server.Endpoint.Port}/"));
        Assert.True(again.IsReused);
        Assert.Null(again.Timing.NameResolved);
        Assert.Null(again.Timing.Connected);
    }

    [Fact]
    public async Task Trailers_are_there_after_the_body()
    {
        using var server = new TestServer(async exchange =>
        {
            await exchange.WriteAsync("part "u8.ToArray());
            await exchange.WriteAsync("two"u8.ToArray());
            exchange.Response.Trailers.Add("X-Sum"u8, "7"u8);
            await exchange.CompleteAsync();
        });
        using var requester = new HttpRequester();
        using var response = await requester.SendAsync(new ClientRequest(server.Url()).With("TE", "trailers"));
        Assert.Equal("part two", await response.ReadTextAsync());
        Assert.True(response.Trailers.TryGet("X-Sum"u8, out var sum));
        Assert.Equal("7"u8, sum);
    }

    [Fact]
    public async Task Head_has_no_body_and_keeps_its_connection()
    {
        using var server = new TestServer(exchange => exchange.SendAsync(new byte[1000]));
        using var requester = new HttpRequester();
        var (head, body) = await requester.SendTextAsync(new ClientRequest("HEAD", server.Url()));
        Assert.Equal(("", "1000"), (body, head["Content-Length"]));
        Assert.True((await requester.GetTextAsync(server.Url())).Response.IsReused);
    }

    [Fact]
    public async Task Many_requests_at_a_time_from_many_threads_get_each_its_own_answer()
    {
        using var server = new TestServer(exchange => exchange.SendAsync(exchange.Request.Query.ToArray()));
        using var requester = new HttpRequester();
        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Task.Run(async () => (await requester.GetTextAsync(server.Url($"/?{i}"))).Body)));
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"{i}"), answers);
        Assert.InRange(server.Server.OpenConnections, 1, 300);
    }

    [Fact]
    public async Task Callers_code_does_not_go_on_on_a_reactor()
    {
        using var server = new TestServer(exchange => exchange.SendAsync(new byte[200_000]));
        using var requester = new HttpRequester();
        using var response = await requester.GetAsync(server.Url());
        Assert.Null(Reactor.Current);
        var buffer = new byte[1000];
        while (await response.Body.ReadAsync(buffer) > 0)
            Assert.Null(Reactor.Current);
        await Assert.ThrowsAsync<ClientException>(() => requester.GetAsync(Url.Parse($"http://127.0.0.1:{FreePort.Tcp()}/")));
        Assert.Null(Reactor.Current);
    }

    [Fact]
    public async Task On_a_reactor_of_the_group_everything_stays_there()
    {
        using var server = new TestServer(exchange => exchange.SendAsync(new byte[200_000]));
        using var group = ReactorGroup.StartNew(2);
        using var requester = new HttpRequester(new RequesterOptions { Reactors = group });
        foreach (var reactor in group.Reactors)
        {
            await reactor.RunAsync(async () =>
            {
                using var response = await requester.GetAsync(server.Url());
                Assert.Same(reactor, Reactor.Current);
                Assert.Equal(200_000, (await response.ReadBytesAsync()).Length);
                Assert.Same(reactor, Reactor.Current);
            });
        }
    }

    [Fact]
    public async Task Unix_socket_takes_the_place_of_the_hosts_address()
    {
        using var folder = new TempFolder();
        var endpoint = new Endpoint(Path.Combine(folder.Path, "s"));
        using var server = new TestServer(exchange => exchange.SendAsync(exchange.Request.Authority.ToArray()), endpoint);
        using var requester = new HttpRequester(new RequesterOptions { ConnectTo = _ => endpoint });
        var (response, body) = await requester.GetTextAsync(Url.Parse("http://docker/info"));
        Assert.Equal(("docker", endpoint), (body, response.RemoteEndpoint));
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/", "has the scheme 'ftp'; expected an http:// or https:// URL")]
    public async Task Other_schemes_are_refused_clearly(string url, string message)
    {
        using var requester = new HttpRequester();
        Assert.Contains(message, (await Assert.ThrowsAsync<NotSupportedException>(() => requester.GetAsync(Url.Parse(url)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unread_response_that_is_disposed_of_closes_its_connection()
    {
        var ended = new TaskCompletionSource();
        await using var server = ScriptedServer.Start(async side =>
        {
            await side.ReadHeadAsync();
            await side.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome");
            await side.ReadToEndAsync();
            ended.SetResult();
        });
        using var requester = new HttpRequester();
        var response = await requester.GetAsync(server.Url());
        response.Dispose();
        await ended.Task.WaitAsync(ReactorExtensions.Limit);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => response.ReadBytesAsync());
    }

    [Fact]
    public async Task Forgotten_response_closes_its_connection()
    {
        var ended = new TaskCompletionSource();
        await using var server = ScriptedServer.Start(async side =>
        {
            await side.ReadHeadAsync();
            await side.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome");
            await side.ReadToEndAsync();
            ended.SetResult();
        });
        using var requester = new HttpRequester();
        await ForgetAsync(requester, server.Url());
        for (var i = 0; i < 200 && !ended.Task.IsCompleted; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(10);
        }
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Disposed_requester_refuses_and_closes()
    {
        using var server = new TestServer(exchange => exchange.SendAsync("ok"u8.ToArray()));
        var requester = new HttpRequester();
        await requester.GetTextAsync(server.Url());
        requester.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => requester.GetAsync(server.Url()));
        for (var i = 0; i < 500 && server.Server.OpenConnections > 0; i++)
            await Task.Delay(10);
        Assert.Equal(0, server.Server.OpenConnections);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static async Task ForgetAsync(HttpRequester requester, Url url)
    {
        var response = await requester.GetAsync(url);
        Assert.Equal(200, response.Status);
    }
}
