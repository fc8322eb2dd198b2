using Gatehouse.Edge.Limits;
using Gatehouse.Edge.Tests.Support;
using Gatehouse.Http;
using Gatehouse.Http.Settings;
using Gatehouse.Testing;

namespace Gatehouse.Edge.Tests.Limits;

public sealed class LimitsHandlerTests
{
    [Theory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    [InlineData(0, true)]
    public async Task A_body_that_announces_too_much_is_refused_at_once(int length, bool expected)
    {
        var inner = Inner.Says("ok");
        var exchange = new FakeExchange { RequestBody = new byte[length] };
        exchange.Restart("POST");
        await Wrap(new LimitsConfig { Body = new ByteSize(10) }, inner).HandleAsync(exchange);
        Assert.Equal(expected ? (1, 200) : (0, 413), (inner.Calls, exchange.Response.Status));
        Assert.Equal(expected ? null : "the request's body is longer than 10 (limits.body)", exchange.Notes.Failure);
        if (expected)
            Assert.Equal(10, exchange.BodyLimit);
    }

    [Fact]
    public void A_client_that_waits_for_100_gets_413_instead()
    {
        using var server = new EdgeServer(Wrap(new LimitsConfig { Body = new ByteSize(10) }, ReadAll()));
        using var client = server.Connect();
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n");
        Assert.Equal(413, client.ReadResponse().Status);
    }

    [Fact]
    public void A_chunked_body_is_cut_off_at_the_limit()
    {
        using var server = new EdgeServer(Wrap(new LimitsConfig { Body = new ByteSize(10) }, ReadAll()));
        using var client = server.Connect();
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n");
        Assert.Equal((200, "10"), (client.ReadResponse() is var good ? good.Status : 0, good.Text));
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\nworld!\r\n0\r\n\r\n");
        Assert.Equal(413, client.ReadResponse().Status);
    }

    [Fact]
    public void A_route_may_take_more_than_the_server_usually_does()
    {
        using var server = new EdgeServer(Wrap(new LimitsConfig { Body = new ByteSize(100) }, ReadAll()), new Http.Server.ServerLimits { BodyBytes = 10 });
        using var client = server.Connect();
        client.Send($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\n{new string('x', 50)}");
        Assert.Equal("50", client.ReadResponse().Text);
    }

    [Theory]
    [InlineData(3, 200)]
    [InlineData(2, 431)]
    public async Task Fields_are_counted(int limit, int status)
    {
        var exchange = Reading.Exchange("/", ("A", "1"), ("B", "2"), ("C", "3"));
        await Wrap(new LimitsConfig { Fields = limit }, Inner.Says("x")).HandleAsync(exchange);
        Assert.Equal(status, exchange.Response.Status);
    }

    [Theory]
    [InlineData(300, 200)]
    [InlineData(299, 431)]
    public async Task Fields_are_measured_as_they_are_sent(int limit, int status)
    {
        // "A: " and CRLF around 295 bytes.
        var exchange = Reading.Exchange("/", ("A", new string('x', 295)));
        await Wrap(new LimitsConfig { Head = new ByteSize(limit) }, Inner.Says("x")).HandleAsync(exchange);
        Assert.Equal(status, exchange.Response.Status);
    }

    [Fact]
    public void No_limit_wraps_nothing() => Assert.Null(new LimitsFeature().Wrap(new LimitsConfig(), Inner.Says("x"), Reading.Context()));

    private static Inner ReadAll() => new(async exchange =>
    {
        var buffer = new byte[64];
        var total = 0;
        int count;
        while ((count = await exchange.ReadAsync(buffer)) > 0)
            total += count;
        await exchange.SendAsync(System.Text.Encoding.ASCII.GetBytes($"{total}"));
    });

    private static IHandler Wrap(LimitsConfig config, IHandler inner) => new LimitsFeature().Wrap(config, inner, Reading.Context())!;
}
