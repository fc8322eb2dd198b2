using System.Text;
using Gatehouse.Http.Server.Tests.Support;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Server.Tests;

/// <summary>How the end of an answer is told: length, chunks, the end of the connection, or no body at all (RFC 9112 section 6).</summary>
public sealed class FramingTests
{
    // Around the size up to which bodies are copied, and beyond that of every buffer.
    private static readonly int[] Sizes = [1, 4096, 4097, 70_000, 300_000, 5];

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void Answers_to_HEAD_have_the_head_of_GET_and_no_body(string wire)
    {
        using var server = new TestServer(wire, exchange => exchange.SendText("twelve bytes"));
        var client = server.Connect();
        client.Send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var head = client.ReadResponse(toHead: true);
        Assert.Equal("12", head["Content-Length"]);
        Assert.Equal("twelve bytes", client.ReadResponse().Text);
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void A_streamed_answer_to_HEAD_has_no_body(string wire)
    {
        using var server = new TestServer(wire, async exchange =>
        {
            await exchange.WriteText("one");
            await exchange.WriteText("two");
        });
        var client = server.Connect();
        client.Send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Null(client.ReadResponse(toHead: true)["Content-Length"]);
        Assert.Equal("onetwo", client.ReadResponse().Text);
    }

    [Theory]
    [InlineData(204)]
    [InlineData(304)]
    public void Statuses_without_a_body_have_none(int status)
    {
        using var server = new TestServer("tcp", exchange =>
        {
            exchange.Response.Status = exchange.Path() == "/" ? status : 200;
            return exchange.Path() == "/sent" ? exchange.SendText("body") : default;
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /sent HTTP/1.1\r\nHost: a\r\n\r\n");
        var response = client.ReadResponse();
        Assert.Equal(status, response.Status);
        // No length is made up for a 304 whose body is not known (RFC 9110 section 15.4.5), nor may a 204 have one (section 8.6).
        Assert.Null(response["Content-Length"]);
        Assert.Null(response["Transfer-Encoding"]);
        Assert.Equal("body", client.ReadResponse().Text);
    }

    [Fact]
    public void A_body_given_for_a_204_is_not_sent()
    {
        using var server = new TestServer("tcp", exchange =>
        {
            exchange.Response.Status = 204;
            return exchange.SendText("must not be seen");
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Null(client.ReadResponse()["Content-Length"]);
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal(204, client.ReadResponse().Status);
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void A_handler_that_only_sets_a_status_is_answered_for(string wire)
    {
        using var server = new TestServer(wire, exchange =>
        {
            exchange.Response.Status = exchange.Path() == "/missing" ? 404 : 200;
            return default;
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /missing HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal("0", client.ReadResponse()["Content-Length"]);
        var missing = client.ReadResponse();
        Assert.Equal(404, missing.Status);
        Assert.Contains("404 Not Found", missing.Text, StringComparison.Ordinal);
        Assert.Equal(200, client.ReadResponse().Status);
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void A_body_of_unknown_length_is_chunked(string wire)
    {
        using var server = new TestServer(wire, async exchange =>
        {
            await exchange.WriteText("Hello, ");
            await exchange.WriteAsync(default);
            await exchange.WriteText("chunks");
        });
        var client = server.Connect();
        for (var i = 0; i < 3; i++)
        {
            client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            var response = client.ReadResponse();
            Assert.Equal("chunked", response["Transfer-Encoding"]);
            Assert.Null(response["Content-Length"]);
            Assert.Equal("Hello, chunks", response.Text);
        }
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void Large_chunks_arrive_whole(string wire)
    {
        var parts = Sizes.Select(ExchangeExtensions.Pattern).ToArray();
        using var server = new TestServer(wire, async exchange =>
        {
            foreach (var part in parts)
                await exchange.WriteAsync(part);
            if (exchange.Path() == "/last")
                await exchange.SendAsync(parts[3]);
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /last HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal(parts.SelectMany(part => part), client.ReadResponse().Body);
        Assert.Equal(parts.SelectMany(part => part).Concat(parts[3]), client.ReadResponse().Body);
        Assert.Equal(parts.SelectMany(part => part), client.ReadResponse().Body);
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void To_http_1_0_the_end_of_the_connection_is_the_end_of_an_unknown_length(string wire)
    {
        using var server = new TestServer(wire, async exchange =>
        {
            await exchange.WriteText("until ");
            await exchange.WriteText("the end");
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        var response = client.ReadResponse();
        Assert.Null(response["Transfer-Encoding"]);
        Assert.Equal("close", response["Connection"]);
        Assert.Equal("until the end", response.Text);
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void Trailers_follow_a_chunked_body(string wire)
    {
        using var server = new TestServer(wire, async exchange =>
        {
            exchange.Response.Trailers.Add("X-Checksum"u8, "before"u8);
            await exchange.WriteText("body");
            exchange.Response.Trailers.Set("X-Checksum"u8, "1234"u8);
            exchange.Response.Trailers.Add("X-More"u8, "yes"u8);
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        for (var i = 0; i < 2; i++)
        {
            var response = client.ReadResponse();
            Assert.Equal("body", response.Text);
            Assert.Equal([new("X-Checksum", "1234"), new("X-More", "yes")], response.Trailers);
        }
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void A_body_of_known_length_can_be_streamed(string wire)
    {
        var body = ExchangeExtensions.Pattern(150_000);
        using var server = new TestServer(wire, async exchange =>
        {
            exchange.Response.ContentLength = body.Length;
            for (var at = 0; at < body.Length; at += 10_000)
                await exchange.WriteAsync(body.AsMemory(at, 10_000));
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        for (var i = 0; i < 2; i++)
        {
            var response = client.ReadResponse();
            Assert.Equal("150000", response["Content-Length"]);
            Assert.Equal(body, response.Body);
        }
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void Too_little_of_a_known_length_drops_the_connection(string wire)
    {
        using var server = new TestServer(wire, exchange =>
        {
            exchange.Response.ContentLength = 10;
            return exchange.WriteText("short");
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var bytes = Encoding.ASCII.GetString(client.ReadToEnd(allowReset: true));
        Assert.DoesNotContain("HTTP/1.1", bytes.Length > 10 ? bytes[10..] : "", StringComparison.Ordinal);
        server.WaitForConnections(0);
        Assert.IsType<InvalidOperationException>(Assert.Single(server.Events.Failed));
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void Too_much_of_a_known_length_drops_the_connection(string wire)
    {
        // Also when the handler does not mind: it catches what it is told and goes on.
        var refused = 0;
        using var server = new TestServer(wire, async exchange =>
        {
            exchange.Response.ContentLength = 10;
            await exchange.WriteText("12345678");
            for (var i = 0; i < 3; i++)
            {
                try
                {
                    await exchange.WriteText("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                }
                catch (Exception exception) when (exception is InvalidOperationException or BadRequestException)
                {
                    refused++;
                }
            }
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var bytes = Encoding.ASCII.GetString(client.ReadToEnd(allowReset: true));
        Assert.True(bytes.Length == 0 || bytes.EndsWith("12345678", StringComparison.Ordinal), $"Expected at most the 8 bytes; found: {bytes}");
        server.WaitForConnections(0);
        Assert.Equal(3, refused);
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void Nothing_can_follow_the_end_of_an_answer(string wire)
    {
        var refused = 0;
        using var file = new TemporaryFile(100);
        using var server = new TestServer(wire, async exchange =>
        {
            await exchange.WriteText("all");
            await exchange.CompleteAsync();
            await exchange.CompleteAsync();
            try
            {
                await exchange.SendFileAsync(file.Handle, 0, 100);
            }
            catch (InvalidOperationException)
            {
                refused++;
            }
            try
            {
                await exchange.WriteText("more");
            }
            catch (InvalidOperationException)
            {
                refused++;
            }
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal("all", client.ReadResponse().Text);
        Assert.Equal("all", client.ReadResponse().Text);
        Assert.Equal(4, refused);
    }

    [Fact]
    public void Framing_fields_of_a_handler_are_not_sent()
    {
        using var server = new TestServer("tcp", exchange =>
        {
            exchange.Response.Headers.Add(KnownHeader.ContentLength, 99);
            exchange.Response.Headers.Add(KnownHeader.TransferEncoding, "chunked"u8);
            exchange.Response.Headers.Add("connection"u8, "close"u8);
            exchange.Response.Headers.Add("X-Kept"u8, "yes"u8);
            return exchange.SendText("body");
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        for (var i = 0; i < 2; i++)
        {
            var response = client.ReadResponse();
            Assert.Equal("4", response["Content-Length"]);
            Assert.Null(response["Transfer-Encoding"]);
            Assert.Null(response["Connection"]);
            Assert.Equal("yes", response["X-Kept"]);
            Assert.Equal("body", response.Text);
        }
    }

    [Fact]
    public void A_2xx_to_CONNECT_without_a_tunnel_ends_with_the_connection()
    {
        // The client takes what follows for its tunnel: no framing, and what it sends there is not a request (RFC 9110 section 9.3.6).
        using var server = new TestServer("tcp", exchange => exchange.SendText("hello"));
        var client = server.Connect();
        client.Send("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var response = client.ReadResponse();
        Assert.Null(response["Content-Length"]);
        Assert.Null(response["Transfer-Encoding"]);
        Assert.Equal("hello", response.Text);
        Assert.True(client.IsAtEnd());
    }

    [Fact]
    public void A_date_and_server_of_the_handler_win()
    {
        using var server = new TestServer("tcp", exchange =>
        {
            exchange.Response.Headers.Add(KnownHeader.Server, "mine"u8);
            exchange.Response.Headers.Add(KnownHeader.Date, "Sun, 06 Nov 1994 08:49:37 GMT"u8);
            return exchange.SendText("x");
        });
        var response = server.Get();
        Assert.Equal("mine", response["Server"]);
        Assert.Equal("Sun, 06 Nov 1994 08:49:37 GMT", response["Date"]);
    }
}
