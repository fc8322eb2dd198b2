using System.Text;
using Gatehouse.Http.Server.Tests.Support;

namespace Gatehouse.Http.Server.Tests;

/// <summary>Which connections go on, in which order answers come, and who answers.</summary>
public sealed class KeepAliveTests
{
    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void Requests_follow_one_another(string wire)
    {
        using var server = new TestServer(wire, exchange => exchange.SendText($"you asked for {exchange.Path()}"));
        var client = server.Connect();
        for (var i = 0; i < 20; i++)
        {
            client.Send($"GET /{i} HTTP/1.1\r\nHost: a\r\n\r\n");
            var response = client.ReadResponse();
            Assert.Equal(200, response.Status);
            Assert.Equal("HTTP/1.1", response.Version);
            Assert.Equal($"you asked for /{i}", response.Text);
            Assert.Null(response["Connection"]);
            Assert.NotNull(response["Date"]);
            Assert.Equal("gatehouse", response["Server"]);
        }
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void Pipelined_requests_are_answered_in_order(string wire)
    {
        // Every third answer comes late, and later ones must wait for it.
        using var server = new TestServer(wire, async exchange =>
        {
            var path = exchange.Path();
            if (path.Length % 3 == 0)
                await Task.Delay(1);
            await exchange.SendText(path);
        });
        var client = server.Connect();
        client.Send(string.Concat(Enumerable.Range(0, 40).Select(i => $"GET /{new string('x', i)} HTTP/1.1\r\nHost: a\r\n\r\n")));
        for (var i = 0; i < 40; i++)
            Assert.Equal($"/{new string('x', i)}", client.ReadResponse().Text);
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void More_pipelined_answers_than_buffers_hold_arrive(string wire)
    {
        var body = new string('b', 3000);
        using var server = new TestServer(wire, exchange => exchange.SendText(body));
        var client = server.Connect();
        client.Send(string.Concat(Enumerable.Repeat("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 100)));
        for (var i = 0; i < 100; i++)
            Assert.Equal(body, client.ReadResponse().Text);
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void A_client_that_asks_to_close_is_closed(string wire)
    {
        using var server = new TestServer(wire, exchange => exchange.SendText("bye"));
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /never HTTP/1.1\r\nHost: a\r\n\r\n");
        var response = client.ReadResponse();
        Assert.Equal("bye", response.Text);
        Assert.Equal("close", response["Connection"]);
        Assert.True(client.IsAtEnd());
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void Http_1_0_closes_unless_asked(string wire)
    {
        using var server = new TestServer(wire, exchange => exchange.SendText("old"));
        var client = server.Connect();
        client.Send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        Assert.Equal("keep-alive", client.ReadResponse()["Connection"]);
        client.Send("GET / HTTP/1.0\r\n\r\n");
        var last = client.ReadResponse();
        Assert.Equal("close", last["Connection"]);
        Assert.Equal("old", last.Text);
        Assert.True(client.IsAtEnd());
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void A_client_that_has_ended_its_side_gets_its_answers(string wire)
    {
        using var server = new TestServer(wire, async exchange =>
        {
            await Task.Delay(5);
            await exchange.SendText(exchange.Path());
        });
        var client = server.Connect();
        client.Send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
        client.HalfClose();
        Assert.Equal("/1", client.ReadResponse().Text);
        Assert.Equal("/2", client.ReadResponse().Text);
        Assert.True(client.IsAtEnd());
    }

    [Fact]
    public void An_answer_that_waits_to_be_sent_survives_the_end_of_the_clients_side()
    {
        using var server = new TestServer("memory", exchange => exchange.SendText("the answer"));
        var transport = new ScriptedTransport(server.Reactor, ["GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"u8.ToArray()]) { IsFull = true };
        var isClosed = server.OnReactor(() =>
        {
            transport.Play(server.Http);
            transport.IsFull = false;
            transport.Events!.OnWritable();
            return transport.IsClosed;
        });
        Assert.EndsWith("\r\n\r\nthe answer", Encoding.ASCII.GetString(transport.Written), StringComparison.Ordinal);
        Assert.True(isClosed);
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void A_connection_ends_with_its_number_of_requests(string wire)
    {
        using var server = new TestServer(wire, exchange => exchange.SendText("x"), new ServerLimits { RequestsPerConnection = 3 });
        var client = server.Connect();
        client.Send(string.Concat(Enumerable.Repeat("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 5)));
        Assert.Null(client.ReadResponse()["Connection"]);
        Assert.Null(client.ReadResponse()["Connection"]);
        Assert.Equal("close", client.ReadResponse()["Connection"]);
        Assert.True(client.IsAtEnd());
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void A_new_handler_answers_from_the_next_request_on(string wire)
    {
        using var entered = new ManualResetEventSlim();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = new TestServer(wire, async exchange =>
        {
            entered.Set();
            await release.Task;
            await exchange.SendText("before");
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        entered.Wait(TestContext.Current.CancellationToken);
        server.Http.Handler = new TestHandler(exchange => exchange.SendText("after"));
        release.SetResult();
        Assert.Equal("before", client.ReadResponse().Text);
        Assert.Equal("after", client.ReadResponse().Text);
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void A_long_head_keeps_its_fields(string wire)
    {
        // Longer than a buffer and split wherever it comes: the fields must follow when the bytes move.
        using var server = new TestServer(wire, exchange =>
        {
            var text = new StringBuilder();
            for (var i = 0; i < exchange.Request.Headers.Count; i++)
            {
                var field = exchange.Request.Headers[i];
                text.Append(Encoding.ASCII.GetString(field.Name)).Append('=').Append(Encoding.ASCII.GetString(field.Value)).Append('\n');
            }
            return exchange.SendText(exchange.Path() + "\n" + text);
        });
        var fields = Enumerable.Range(0, 60).Select(i => ($"X-Field-{i}", new string((char)('a' + (i % 26)), 440 + i))).ToList();
        var head = $"GET /long HTTP/1.1\r\nHost: a\r\n{string.Concat(fields.Select(field => $"{field.Item1}: {field.Item2}\r\n"))}\r\n";
        var client = server.Connect();
        // The second starts in the middle of a buffer.
        client.Send("GET /first HTTP/1.1\r\nHost: a\r\n\r\n");
        client.Send(head);
        client.ReadResponse();
        Assert.Equal($"/long\nHost=a\n{string.Concat(fields.Select(field => $"{field.Item1}={field.Item2}\n"))}", client.ReadResponse().Text);
        client.Send(head[..5000]);
        Thread.Sleep(20);
        client.Send(head[5000..15000]);
        Thread.Sleep(20);
        client.Send(head[15000..]);
        Assert.Equal($"/long\nHost=a\n{string.Concat(fields.Select(field => $"{field.Item1}={field.Item2}\n"))}", client.ReadResponse().Text);
    }
}
