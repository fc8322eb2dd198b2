using Gatehouse.Http.Client.Tests.Support;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Http.Client.Tests.Requests;

/// <summary>Time limits, cancellation, and connections that go stale.</summary>
public sealed class LimitTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(150);

    [Fact]
    public async Task Each_step_has_its_fault()
    {
        (string Sent, ClientTimeouts Timeouts, ClientFault Fault)[] cases =
        [
            ("", RequesterLab.Quick with { FirstByte = Short }, ClientFault.ResponseTimeout),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", RequesterLab.Quick with { Idle = Short }, ClientFault.BodyTimeout),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", RequesterLab.Quick, ClientFault.TotalTimeout),
            ("", RequesterLab.Quick, ClientFault.TotalTimeout),
        ];
        foreach (var (sent, timeouts, fault) in cases)
        {
            await using var server = ScriptedServer.Start(side => SendAndStayAsync(side, sent));
            var total = fault == ClientFault.TotalTimeout ? Short : TimeSpan.FromSeconds(60);
            using var requester = new HttpRequester(new RequesterOptions { Timeouts = timeouts, Total = total });
            var exception = await Assert.ThrowsAsync<ClientException>(() => requester.GetTextAsync(server.Url()));
            Assert.Equal(fault, exception.Fault);
            if (fault == ClientFault.TotalTimeout)
                Assert.Equal("the request and its response were not done within 0.15 s in all", exception.Message);
        }
    }

    [Fact]
    public async Task Total_counts_all_redirects()
    {
        await using var server = ScriptedServer.Start(async side =>
        {
            try
            {
                while (true)
                {
                    await side.ReadHeadAsync();
                    await Task.Delay(100);
                    await side.SendAsync("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n");
                }
            }
            catch (IOException)
            {
                // The client went away.
            }
        });
        using var requester = new HttpRequester(new RequesterOptions { Total = TimeSpan.FromMilliseconds(450), MaxRedirects = 1000 });
        Assert.Equal(ClientFault.TotalTimeout, (await Assert.ThrowsAsync<ClientException>(() => requester.GetTextAsync(server.Url()))).Fault);
    }

    [Fact]
    public async Task Cancellation_ends_the_wait_for_the_head()
    {
        var ended = new TaskCompletionSource();
        await using var server = ScriptedServer.Start(async side =>
        {
            await side.ReadHeadAsync();
            await side.ReadToEndAsync();
            ended.SetResult();
        });
        using var requester = new HttpRequester();
        using var stop = new CancellationTokenSource(Short);
        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => requester.GetAsync(server.Url(), stop.Token));
        Assert.Equal(stop.Token, exception.CancellationToken);
        await ended.Task.WaitAsync(ReactorExtensions.Limit);
    }

    [Fact]
    public async Task Cancellation_of_a_read_ends_the_body_for_good()
    {
        await using var server = ScriptedServer.Start(side => SendAndStayAsync(side, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"));
        using var requester = new HttpRequester();
        using var response = await requester.GetAsync(server.Url());
        Assert.Equal(2, await response.Body.ReadAsync(new byte[10]));
        using var stop = new CancellationTokenSource(Short);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await response.Body.ReadAsync(new byte[10], stop.Token));
        // Not 0, which would say that the body had ended.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await response.Body.ReadAsync(new byte[10]));
    }

    [Fact]
    public async Task Token_of_the_request_is_no_longer_the_responses()
    {
        using var server = new TestServer(async exchange =>
        {
            for (var i = 0; i < 10; i++)
                await exchange.WriteAsync(new byte[100_000]);
        });
        using var requester = new HttpRequester();
        using var stop = new CancellationTokenSource();
        using var response = await requester.GetAsync(server.Url(), stop.Token);
        await stop.CancelAsync();
        Assert.Equal(1_000_000, (await response.ReadBytesAsync()).Length);
    }

    [Fact]
    public async Task Cancelled_before_it_starts_nothing_is_sent()
    {
        await using var server = ScriptedServer.Start(_ => throw new InvalidOperationException("No connection expected."));
        using var requester = new HttpRequester();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => requester.GetAsync(server.Url(), new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("PUT", true)]
    [InlineData("POST", false)]
    public async Task Stale_connection_is_replaced_for_what_may_be_repeated(string method, bool isRepeated)
    {
        await using var server = ScriptedServer.Start(async side =>
        {
            await side.ReadRequestAsync();
            await side.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + side.Index);
            if (side.Index == 0)
                await side.ReadHeadAsync();
            else
                await side.ReadToEndAsync();
        });
        using var requester = new HttpRequester();
        Assert.Equal("0", (await requester.GetTextAsync(server.Url())).Body);
        var request = new ClientRequest(method, server.Url(), method == "GET" ? null : RequestBody.FromText("x"));
        if (isRepeated)
        {
            Assert.Equal("1", (await requester.SendTextAsync(request)).Body);
            Assert.Equal(2, server.Accepted);
        }
        else
        {
            Assert.Equal(ClientFault.ClosedBeforeResponse, (await Assert.ThrowsAsync<ClientException>(() => requester.SendAsync(request))).Fault);
        }
    }

    [Fact]
    public async Task Fresh_connection_that_is_closed_is_not_tried_again()
    {
        await using var server = ScriptedServer.Start(side => side.ReadHeadAsync());
        using var requester = new HttpRequester();
        Assert.Equal(ClientFault.ClosedBeforeResponse, (await Assert.ThrowsAsync<ClientException>(() => requester.GetAsync(server.Url()))).Fault);
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task Heads_are_limited()
    {
        await using var server = ScriptedServer.Start(side => SendAndStayAsync(side, $"HTTP/1.1 200 OK\r\nX: {new string('x', 5000)}\r\n\r\n"));
        using var requester = new HttpRequester(new RequesterOptions { Limits = new Http1Limits { HeadBytes = 4096 } });
        Assert.Equal(ClientFault.BadResponse, (await Assert.ThrowsAsync<ClientException>(() => requester.GetAsync(server.Url()))).Fault);
    }

    private static async Task SendAndStayAsync(ServerSide side, string wire)
    {
        await side.ReadHeadAsync();
        await side.SendAsync(wire);
        await side.ReadToEndAsync();
    }
}
