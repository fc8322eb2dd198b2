using System.Text;
using Gatehouse.Http.Server.Tests.Support;

namespace Gatehouse.Http.Server.Tests;

/// <summary>1xx answers: 100 (Continue) when and only when the body is wanted, 103 and others where the client can take them.</summary>
public sealed class InterimTests
{
    private const string Expecting = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void Continue_is_sent_when_the_body_is_read(string wire)
    {
        using var server = new TestServer(wire, async exchange => await exchange.SendText(Encoding.ASCII.GetString(await exchange.ReadBody())));
        var client = server.Connect();
        for (var i = 0; i < 2; i++)
        {
            client.Send(Expecting);
            Assert.Equal(100, client.ReadResponse().Status);
            client.Send("hello");
            var response = client.ReadResponse();
            Assert.Equal("hello", response.Text);
            Assert.Null(response["Connection"]);
        }
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void Without_a_read_there_is_no_continue_and_the_connection_ends(string wire)
    {
        using var server = new TestServer(wire, exchange => exchange.SendText("not wanted"));
        var client = server.Connect();
        client.Send(Expecting);
        var response = client.ReadResponse();
        Assert.Equal(200, response.Status);
        Assert.Equal("close", response["Connection"]);
        Assert.True(client.IsAtEnd());
    }

    [Fact]
    public void A_body_that_announces_too_much_is_refused_and_not_asked_for()
    {
        using var server = new TestServer("tcp", async exchange => await exchange.ReadBody(), new ServerLimits { BodyBytes = 4 });
        var client = server.Connect();
        client.Send(Expecting);
        Assert.Equal(413, client.ReadResponse().Status);
        Assert.True(client.IsAtEnd());
    }

    [Fact]
    public void An_answer_that_began_before_the_read_is_not_interrupted()
    {
        using var server = new TestServer("tcp", async exchange =>
        {
            await exchange.WriteText("early ");
            await exchange.ReadBody();
            await exchange.WriteText("late");
        });
        var client = server.Connect();
        client.Send(Expecting + "hello");
        Assert.Equal("early late", client.ReadResponse().Text);
    }

    [Fact]
    public void Http_1_0_knows_no_continue()
    {
        using var server = new TestServer("tcp", async exchange => await exchange.SendText(Encoding.ASCII.GetString(await exchange.ReadBody())));
        var client = server.Connect();
        client.Send("POST / HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello");
        Assert.Equal("hello", client.ReadResponse().Text);
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void Early_hints_go_before_the_answer(string wire)
    {
        using var server = new TestServer(wire, async exchange =>
        {
            var hints = new HeaderList();
            hints.Add("Link"u8, "</style.css>; rel=preload"u8);
            await exchange.SendInterimAsync(103, hints);
            await exchange.SendText("page");
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.0\r\n\r\n");
        var hint = client.ReadResponse();
        Assert.Equal(103, hint.Status);
        Assert.Equal("</style.css>; rel=preload", hint["Link"]);
        Assert.Equal("page", client.ReadResponse().Text);
        // HTTP/1.0 has none.
        Assert.Equal("page", client.ReadResponse().Text);
    }

    [Theory]
    [InlineData(101)]
    [InlineData(200)]
    [InlineData(99)]
    public void Only_an_interim_status_is_interim(int status)
    {
        using var server = new TestServer("tcp", exchange => exchange.SendInterimAsync(status, new HeaderList()));
        Assert.Equal(500, server.Get().Status);
        Assert.IsType<ArgumentOutOfRangeException>(Assert.Single(server.Events.Failed));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(103)]
    public void An_interim_status_ends_no_answer(int status)
    {
        using var server = new TestServer("tcp", exchange =>
        {
            exchange.Response.Status = status;
            return exchange.SendText("x");
        });
        Assert.Equal(500, server.Get().Status);
        Assert.IsType<InvalidOperationException>(Assert.Single(server.Events.Failed));
    }
}
