using System.Globalization;
using System.Text;
using Gatehouse.Http.Server.Tests.Support;

namespace Gatehouse.Http.Server.Tests;

/// <summary>Bodies of requests: read by length and chunked, bounded, and read away when nobody wanted them.</summary>
public sealed class RequestBodyTests
{
    private static async ValueTask Echo(Exchange exchange) => await exchange.SendAsync(await exchange.ReadBody());

    private static ValueTask Ignore(Exchange exchange) => exchange.SendText("ignored");

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void Bodies_of_known_length_are_read(string wire)
    {
        using var server = new TestServer(wire, Echo);
        var client = server.Connect();
        foreach (var length in new[] { 0, 1, 1023, 1024, 5000, 20_000 })
        {
            var body = ExchangeExtensions.Pattern(length);
            client.Send($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n");
            client.Send(body);
            Assert.Equal(body, client.ReadResponse().Body);
        }
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void Chunked_bodies_are_read_with_their_trailers(string wire)
    {
        using var server = new TestServer(wire, async exchange =>
        {
            Assert.Equal(-1, exchange.Request.ContentLength);
            Assert.Null(exchange.Request.Trailers);
            var body = await exchange.ReadBody(7);
            var trailers = exchange.Request.Trailers;
            await exchange.SendText($"{Encoding.ASCII.GetString(body)} {trailers?.Count ?? 0}");
        });
        var client = server.Connect();
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n,\r\n0\r\n\r\n");
        Assert.Equal("hello, 0", client.ReadResponse().Text);
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n14\r\ntwenty bytes of text\r\n0\r\nX-Sum: 1\r\n\r\n");
        Assert.Equal("twenty bytes of text 1", client.ReadResponse().Text);
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void Large_chunked_bodies_are_read(string wire)
    {
        using var server = new TestServer(wire, Echo);
        var body = ExchangeExtensions.Pattern(300_000);
        var client = server.Connect();
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (var at = 0; at < body.Length;)
        {
            var size = Math.Min(1 + (at % 40_000), body.Length - at);
            client.Send($"{size.ToString("x", CultureInfo.InvariantCulture)}\r\n");
            client.Send(body.AsSpan(at, size));
            client.Send("\r\n");
            at += size;
        }
        client.Send("0\r\n\r\n");
        Assert.Equal(body, client.ReadResponse().Body);
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void The_head_stays_readable_while_the_body_is_read(string wire)
    {
        using var server = new TestServer(wire, async exchange =>
        {
            var count = (await exchange.ReadBody(4096)).Length;
            Assert.True(exchange.Request.Headers.TryGet("X-Long"u8, out var value));
            await exchange.SendText($"{exchange.Path()} {Encoding.ASCII.GetString(exchange.Request.Query)} {value.Length} {value[^1]} {count}");
        });
        var client = server.Connect();
        // A head that leaves little room behind it in its buffer.
        client.Send($"POST /path?query HTTP/1.1\r\nHost: a\r\nX-Long: {new string('v', 15_000)}e\r\nTransfer-Encoding: chunked\r\n\r\n");
        client.Send($"1000\r\n{new string('x', 4096)}\r\n");
        Thread.Sleep(20);
        client.Send($"1000\r\n{new string('x', 4096)}\r\n0\r\n\r\n");
        Assert.Equal("/path query 15001 101 8192", client.ReadResponse().Text);
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void Pipelined_requests_behind_a_body_are_found(string wire)
    {
        using var server = new TestServer(wire, Echo);
        var client = server.Connect();
        client.Send(string.Concat(Enumerable.Range(0, 20).Select(i => i % 2 == 0
            ? $"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nn={i:00}"
            : $"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nn={i:00}\r\n0\r\n\r\n")));
        for (var i = 0; i < 20; i++)
            Assert.Equal($"n={i:00}", client.ReadResponse().Text);
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void An_unread_body_is_read_away(string wire)
    {
        using var server = new TestServer(wire, Ignore);
        var client = server.Connect();
        client.Send($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n{new string('x', 5000)}GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal("ignored", client.ReadResponse().Text);
        Assert.Equal("ignored", client.ReadResponse().Text);
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
        // The answer does not wait for the rest of the body.
        Assert.Null(client.ReadResponse()["Connection"]);
        client.Send("0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal("ignored", client.ReadResponse().Text);
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void A_long_unread_body_costs_the_connection_but_not_the_answer(string wire)
    {
        using var server = new TestServer(wire, Ignore);
        var client = server.Connect();
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
        for (var i = 0; i < 10; i++)
            client.Send(new byte[100_000]);
        Assert.Equal("ignored", client.ReadResponse().Text);
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.True(client.IsAtEnd());
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void Over_the_limit_is_413(string wire)
    {
        using var server = new TestServer(wire, Echo, new ServerLimits { BodyBytes = 1000 });
        var client = server.Connect();
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n");
        var refused = client.ReadResponse();
        Assert.Equal(413, refused.Status);
        Assert.Equal("close", refused["Connection"]);
        Assert.True(client.IsAtEnd());
        server.Events.OnlyRefused(413, "1000 bytes");

        client = server.Connect();
        client.Send($"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n{new string('x', 1000)}\r\n1\r\nx\r\n0\r\n\r\n");
        Assert.Equal(413, client.ReadResponse().Status);
        Assert.True(client.IsAtEnd());

        client = server.Connect();
        client.Send($"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n{new string('x', 1000)}\r\n0\r\n\r\n");
        Assert.Equal(200, client.ReadResponse().Status);
    }

    [Fact]
    public void A_handler_can_set_another_limit()
    {
        using var server = new TestServer("tcp", async exchange =>
        {
            exchange.BodyLimit = 5;
            await Echo(exchange);
        });
        Assert.Equal(200, server.Get(method: "POST", fields: "Content-Length: 5\r\n", body: "12345").Status);
        Assert.Equal(413, server.Get(method: "POST", fields: "Content-Length: 6\r\n", body: "123456").Status);
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void A_malformed_chunk_is_400_and_ends_the_connection(string wire)
    {
        using var server = new TestServer(wire, Echo);
        var client = server.Connect();
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal(400, client.ReadResponse().Status);
        Assert.True(client.IsAtEnd());
    }

    [Fact]
    public void A_handler_that_does_not_mind_a_malformed_body_still_loses_the_connection()
    {
        using var server = new TestServer("tcp", async exchange =>
        {
            try
            {
                await exchange.ReadBody();
            }
            catch (BadRequestException exception)
            {
                await exchange.SendText($"never mind the {exception.Status}");
            }
        });
        var client = server.Connect();
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var response = client.ReadResponse();
        Assert.Equal("never mind the 400", response.Text);
        Assert.Equal("close", response["Connection"]);
        Assert.True(client.IsAtEnd());
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void A_body_that_ends_early_fails_its_reader(string wire)
    {
        var seen = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = new TestServer(wire, async exchange =>
        {
            try
            {
                await exchange.ReadBody();
            }
            catch (BadRequestException exception)
            {
                seen.SetResult(exception.Status);
                throw;
            }
        });
        var client = server.Connect();
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
        client.HalfClose();
        Assert.Equal(499, Eventually.Result(seen.Task));
        Assert.Empty(client.ReadToEnd(allowReset: true));
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void A_body_that_ends_early_costs_no_answer_before_it(string wire)
    {
        using var server = new TestServer(wire, exchange => exchange.Request.HasBody ? Echo(exchange) : exchange.SendText("before"));
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\nPOST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
        client.HalfClose();
        server.Events.OnlyRefused(499, "inside the request's body");
        Thread.Sleep(20);
        Assert.Equal("before", client.ReadResponse().Text);
        Assert.True(client.IsAtEnd());
    }

    [Fact]
    public void An_answer_may_end_while_the_body_still_arrives()
    {
        // As a proxy does whose upstream answered early: its read of the body is left behind, and must not take bytes of the next request.
        Task<int>? left = null;
        using var server = new TestServer("tcp", async exchange =>
        {
            if (exchange.Request.HasBody)
            {
                var buffer = new byte[100];
                await exchange.ReadAsync(buffer);
                left = exchange.ReadAsync(buffer).AsTask();
            }
            await exchange.SendText("early");
        });
        var client = server.Connect();
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345");
        Assert.Equal("early", client.ReadResponse().Text);
        client.Send("67890GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal("early", client.ReadResponse().Text);
        Assert.True(left!.IsFaulted);
    }
}
