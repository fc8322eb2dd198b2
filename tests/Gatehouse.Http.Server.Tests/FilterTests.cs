using System.Buffers;
using System.Text;
using Gatehouse.Http.Server.Tests.Support;

namespace Gatehouse.Http.Server.Tests;

/// <summary>What sees an answer's head before it is sent, and what its body passes through.</summary>
public sealed class FilterTests
{
    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void The_last_filter_is_asked_first_and_transforms_first(string wire)
    {
        var disposed = 0;
        using var server = new TestServer(wire, async exchange =>
        {
            exchange.AddFilter(new Bracket('(', ')', () => disposed++));
            exchange.AddFilter(new Bracket('[', ']', () => disposed++));
            await exchange.WriteText("one");
            await exchange.WriteText("two");
        });
        var client = server.Connect();
        for (var i = 1; i <= 3; i++)
        {
            client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            var response = client.ReadResponse();
            Assert.Equal("[, (", response["X-Brackets"]);
            // Each piece passes the inner one, whose output passes the outer one; the last asks for what was held back.
            Assert.Equal("([one])([two])([]$)$", response.Text);
            Eventually.True(() => disposed == 2 * i, "both to be disposed of");
        }
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void Files_pass_through_transforms(string wire)
    {
        using var file = new TemporaryFile(150_000);
        using var server = new TestServer(wire, async exchange =>
        {
            exchange.AddFilter(new Invert());
            exchange.Response.ContentLength = file.Content.Length;
            if (exchange.Path() == "/pool")
                await Task.Yield();
            await exchange.SendFileAsync(file.Handle, 0, file.Content.Length);
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /pool HTTP/1.1\r\nHost: a\r\n\r\n");
        var expected = file.Content.Select(value => (byte)~value).ToArray();
        Assert.Equal(expected, client.ReadResponse().Body);
        Assert.Equal(expected, client.ReadResponse().Body);
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void Whole_answers_pass_through_transforms(string wire)
    {
        using var server = new TestServer(wire, exchange =>
        {
            exchange.AddFilter(new Bracket('<', '>', () => { }));
            return exchange.SendText(new string('x', 10_000));
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\nHEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal($"<{new string('x', 10_000)}>$", client.ReadResponse().Text);
        Assert.Equal("<", client.ReadResponse(toHead: true)["X-Brackets"]);
        Assert.Equal($"<{new string('x', 10_000)}>$", client.ReadResponse().Text);
    }

    [Fact]
    public void Filters_see_pages_for_errors_too()
    {
        using var server = new TestServer("tcp", exchange =>
        {
            exchange.AddFilter(new Mark());
            if (exchange.Path() == "/thrown")
                throw new InvalidDataException();
            exchange.Response.Status = 404;
            return default;
        });
        Assert.Equal("404", server.Get()["X-Status"]);
        Assert.Equal("500", server.Get("/thrown")["X-Status"]);
    }

    [Fact]
    public void Filters_do_not_stay_for_the_next_request()
    {
        using var server = new TestServer("tcp", exchange =>
        {
            if (exchange.Path() == "/filtered")
                exchange.AddFilter(new Bracket('(', ')', () => { }));
            return exchange.SendText("x");
        });
        var client = server.Connect();
        client.Send("GET /filtered HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal("(x)$", client.ReadResponse().Text);
        Assert.Equal("x", client.ReadResponse().Text);
    }

    [Fact]
    public void A_filter_that_always_fails_ends_the_connection()
    {
        var transforms = 0;
        using var server = new TestServer("tcp", exchange =>
        {
            exchange.AddFilter(new Broken());
            exchange.AddFilter(new Bracket('(', ')', () => transforms++));
            return exchange.SendText("x");
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Empty(client.ReadToEnd(allowReset: true));
        server.WaitForConnections(0);
        // Asked for the answer and for the page: both transforms are disposed of.
        Assert.Equal(2, transforms);
        Assert.Equal(2, server.Events.Failed.Count);
    }

    [Fact]
    public void A_transform_that_fails_drops_the_connection()
    {
        using var server = new TestServer("tcp", exchange =>
        {
            exchange.AddFilter(new Failing());
            return exchange.SendText("x");
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Empty(client.ReadToEnd(allowReset: true));
        server.WaitForConnections(0);
    }

    /// <summary>Puts brackets around each piece, and a sign behind the last.</summary>
    private sealed class Bracket(char open, char close, Action disposed) : IResponseFilter, IBodyTransform
    {
        public IBodyTransform OnResponse(Exchange exchange)
        {
            exchange.Response.ContentLength = -1;
            exchange.Response.Headers.Add("X-Brackets"u8, [(byte)open]);
            return this;
        }

        public void Transform(ReadOnlySpan<byte> input, bool last, IBufferWriter<byte> output)
        {
            output.Write([(byte)open]);
            output.Write(input);
            output.Write([(byte)close]);
            if (last)
                output.Write("$"u8);
        }

        public void Dispose() => disposed();
    }

    private sealed class Invert : IResponseFilter, IBodyTransform
    {
        public IBodyTransform OnResponse(Exchange exchange) => this;

        public void Transform(ReadOnlySpan<byte> input, bool last, IBufferWriter<byte> output)
        {
            foreach (var value in input)
                output.Write([(byte)~value]);
        }

        public void Dispose()
        {
        }
    }

    private sealed class Mark : IResponseFilter
    {
        public IBodyTransform? OnResponse(Exchange exchange)
        {
            exchange.Response.Headers.Add("X-Status"u8, Encoding.ASCII.GetBytes($"{exchange.Response.Status}"));
            return null;
        }
    }

    private sealed class Broken : IResponseFilter
    {
        public IBodyTransform OnResponse(Exchange exchange) => throw new InvalidDataException("a filter");
    }

    private sealed class Failing : IResponseFilter, IBodyTransform
    {
        public IBodyTransform OnResponse(Exchange exchange) => this;

        public void Transform(ReadOnlySpan<byte> input, bool last, IBufferWriter<byte> output) => throw new InvalidDataException("a transform");

        public void Dispose()
        {
        }
    }
}
