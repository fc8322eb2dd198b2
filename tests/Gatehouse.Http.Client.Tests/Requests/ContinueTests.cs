using Gatehouse.Http.Client.Tests.Support;

namespace Gatehouse.Http.Client.Tests.Requests;

/// <summary>Expect: 100-continue (RFC 9110 section 10.1.1), and interim responses in general.</summary>
public sealed class ContinueTests
{
    [Fact]
    public async Task Body_waits_until_it_is_asked_for()
    {
        await using var server = ScriptedServer.Start(async side =>
        {
            Assert.EndsWith("Expect: 100-continue\r\n\r\n", await side.ReadHeadAsync(), StringComparison.Ordinal);
            await Task.Delay(50);
            await side.SendAsync("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n");
            var body = await side.ReadAsync(4);
            await side.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n{body}");
            await side.ReadToEndAsync();
        });
        using var requester = new HttpRequester();
        var written = false;
        var body = RequestBody.FromWriter((output, stop) =>
        {
            written = true;
            return output.WriteAsync("body"u8.ToArray(), stop).AsTask();
        }, 4);
        var sending = requester.SendTextAsync(new ClientRequest("POST", server.Url(), body) { ExpectsContinue = true });
        await Task.Delay(20);
        Assert.False(written);
        var (response, text) = await sending;
        Assert.Equal((200, "body"), (response.Status, text));
    }

    [Fact]
    public async Task Server_that_says_nothing_gets_it_after_a_second()
    {
        await using var server = ScriptedServer.Start(async side =>
        {
            await side.ReadHeadAsync();
            var started = Environment.TickCount64;
            await side.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-Waited: {await WaitedAsync()}\r\n\r\nbody");

            async Task<long> WaitedAsync()
            {
                await side.ReadAsync(4);
                return Environment.TickCount64 - started;
            }
        });
        using var requester = new HttpRequester();
        var (response, _) = await requester.SendTextAsync(new ClientRequest("POST", server.Url(), RequestBody.FromText("body")) { ExpectsContinue = true });
        Assert.InRange(long.Parse(response["X-Waited"]!, provider: null), 800, 20_000);
    }

    [Fact]
    public async Task Refusal_saves_the_body_and_ends_the_connection()
    {
        await using var server = ScriptedServer.Start(async side =>
        {
            await side.ReadHeadAsync();
            await side.SendAsync("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno");
            Assert.Equal("", await side.ReadToEndAsync());
        });
        using var requester = new HttpRequester();
        var written = false;
        var body = RequestBody.FromWriter((_, _) =>
        {
            written = true;
            return Task.CompletedTask;
        }, 1000);
        var (response, text) = await requester.SendTextAsync(new ClientRequest("PUT", server.Url(), body) { ExpectsContinue = true });
        Assert.Equal((413, "no", false), (response.Status, text, written));
    }

    [Fact]
    public async Task Failed_expectation_is_given_up()
    {
        await using var server = ScriptedServer.Start(async side =>
        {
            var head = await side.ReadHeadAsync();
            if (head.Contains("Expect", StringComparison.Ordinal))
            {
                await side.SendAsync("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                return;
            }
            await side.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n{await side.ReadAsync(4)}");
        });
        using var requester = new HttpRequester();
        var (response, text) = await requester.SendTextAsync(new ClientRequest("POST", server.Url(), RequestBody.FromText("body")) { ExpectsContinue = true });
        Assert.Equal((200, "body"), (response.Status, text));
        Assert.Equal(2, server.Accepted);
    }

    [Fact]
    public async Task Own_server_asks_for_the_body()
    {
        using var server = new TestServer(async exchange =>
        {
            var buffer = new byte[100];
            var count = await exchange.ReadAsync(buffer);
            await exchange.SendAsync(buffer.AsMemory(0, count));
        });
        using var requester = new HttpRequester();
        var started = Environment.TickCount64;
        var (response, text) = await requester.SendTextAsync(new ClientRequest("POST", server.Url(), RequestBody.FromText("body")) { ExpectsContinue = true });
        Assert.Equal((200, "body"), (response.Status, text));
        Assert.True((await requester.GetTextAsync(server.Url())).Response.IsReused);
        Assert.InRange(Environment.TickCount64 - started, 0, 900);
    }
}
