using System.Text;
using Gatehouse.Http.Server.Tests.Support;

namespace Gatehouse.Http.Server.Tests;

/// <summary>Handlers that throw, refuse, and note: which answer the client gets, and who is told, once.</summary>
public sealed class FailureTests
{
    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void An_exception_before_the_answer_is_500(string wire)
    {
        using var server = new TestServer(wire, async exchange =>
        {
            exchange.Response.Headers.Add("X-Half"u8, "made"u8);
            if (exchange.Path() == "/late")
                await Task.Yield();
            throw new InvalidDataException("on purpose");
        });
        foreach (var target in new[] { "/now", "/late" })
        {
            var client = server.Connect();
            client.Send($"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n");
            var response = client.ReadResponse();
            Assert.Equal(500, response.Status);
            Assert.Contains("500 Internal Server Error", response.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("on purpose", response.Text, StringComparison.Ordinal);
            Assert.Null(response["X-Half"]);
            Assert.Equal("close", response["Connection"]);
            Assert.True(client.IsAtEnd());
        }
        Assert.Equal(2, server.Events.Failed.Count);
        Assert.Empty(server.Events.Refused);
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void An_exception_inside_the_answer_drops_the_connection(string wire)
    {
        using var server = new TestServer(wire, async exchange =>
        {
            await exchange.WriteText("half");
            throw new InvalidDataException("on purpose");
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var bytes = Encoding.ASCII.GetString(client.ReadToEnd(allowReset: true));
        Assert.DoesNotContain("0\r\n\r\n", bytes, StringComparison.Ordinal);
        server.WaitForConnections(0);
        Assert.Single(server.Events.Failed);
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void An_exception_behind_the_answer_leaves_it_whole(string wire)
    {
        using var server = new TestServer(wire, async exchange =>
        {
            await exchange.SendText("whole");
            throw new InvalidDataException("on purpose");
        });
        Assert.Equal("whole", server.Get().Text);
        Eventually.True(() => server.Events.Failed.Count == 1, "the failure to be told");
    }

    [Theory]
    [InlineData(400)]
    [InlineData(431)]
    [InlineData(599)]
    public void A_bad_request_is_answered_with_its_status(int status)
    {
        using var server = new TestServer("tcp", _ => throw new BadRequestException(status, "because"));
        var response = server.Get();
        Assert.Equal(status, response.Status);
        Assert.Equal("close", response["Connection"]);
        server.Events.OnlyRefused(status, "because");
        Assert.Empty(server.Events.Failed);
    }

    [Fact]
    public void A_bad_request_inside_the_answer_is_told_without_a_status()
    {
        using var server = new TestServer("tcp", async exchange =>
        {
            await exchange.WriteText("half");
            throw new BadRequestException(413, "because");
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        client.ReadToEnd(allowReset: true);
        server.Events.OnlyRefused(0, "because");
    }

    [Fact]
    public void A_note_about_a_failure_is_told_once()
    {
        using var server = new TestServer("tcp", exchange =>
        {
            exchange.Response.Status = 503;
            exchange.Notes.Failure = "the upstream is away";
            return default;
        });
        Assert.Equal(503, server.Get().Status);
        server.Events.OnlyRefused(503, "the upstream is away");
    }

    [Fact]
    public void A_path_that_leaves_the_root_is_400()
    {
        using var server = new TestServer("tcp", exchange => exchange.SendText(exchange.Path()));
        Assert.Equal(400, server.Get("/a/../../b").Status);
        Assert.Equal(400, server.Get("/%2e%2e/b").Status);
        Assert.Equal("/b", server.Get("/a/%2e%2e/b").Text);
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void A_malformed_head_is_400_behind_the_answers_before_it(string wire)
    {
        using var server = new TestServer(wire, async exchange =>
        {
            await Task.Yield();
            await exchange.SendText("fine");
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost : a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal("fine", client.ReadResponse().Text);
        var refused = client.ReadResponse();
        Assert.Equal(400, refused.Status);
        Assert.Equal("close", refused["Connection"]);
        Assert.True(client.IsAtEnd());
        server.Events.OnlyRefused(400, "colon");
    }

    [Theory]
    [InlineData("GET /{0} HTTP/1.1\r\nHost: a\r\n\r\n", 9000, 414)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: {0}\r\n\r\n", 40_000, 431)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n{0}", 0, 501)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nExpect: the unexpected\r\n\r\n{0}", 0, 417)]
    public void Heads_that_cannot_be_served_are_refused(string format, int length, int status)
    {
        using var server = new TestServer("tcp", exchange => exchange.SendText("x"));
        var client = server.Connect();
        client.Send(string.Format(System.Globalization.CultureInfo.InvariantCulture, format, new string('x', length)));
        Assert.Equal(status, client.ReadResponse().Status);
        Assert.True(client.IsAtEnd());
        Assert.Equal(status, Assert.Single(server.Events.Refused).Status);
    }

    [Fact]
    public void A_status_that_is_none_is_refused_where_it_is_set()
    {
        using var server = new TestServer("tcp", exchange =>
        {
            exchange.Response.Status = 600;
            return default;
        });
        Assert.Equal(500, server.Get().Status);
        Assert.IsType<ArgumentOutOfRangeException>(Assert.Single(server.Events.Failed));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BadRequestException(200, "no"));
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void Two_writes_at_once_are_refused_and_mix_nothing(string wire)
    {
        var refused = 0;
        var part = ExchangeExtensions.Pattern(8_000_000);
        using var server = new TestServer(wire, async exchange =>
        {
            exchange.Response.ContentLength = part.Length;
            var first = exchange.WriteAsync(part);
            if (!first.IsCompleted)
            {
                try
                {
                    await exchange.WriteAsync(new byte[10]);
                }
                catch (InvalidOperationException)
                {
                    refused++;
                }
            }
            await first;
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Thread.Sleep(50);
        Assert.True(part.AsSpan().SequenceEqual(client.ReadResponse().Body));
        Assert.Equal(1, refused);
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void A_write_that_nobody_awaited_still_ends_before_the_next_request(string wire)
    {
        var part = ExchangeExtensions.Pattern(8_000_000);
        using var server = new TestServer(wire, exchange =>
        {
            _ = exchange.SendAsync(part).AsTask();
            return default;
        });
        var client = server.Connect();
        client.Send(string.Concat(Enumerable.Repeat("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 3)));
        for (var i = 0; i < 3; i++)
            Assert.True(part.AsSpan().SequenceEqual(client.ReadResponse().Body));
        Assert.Empty(server.Events.Failed);
    }
}
