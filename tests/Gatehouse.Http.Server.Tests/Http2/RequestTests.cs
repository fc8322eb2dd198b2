using System.Text;
using Gatehouse.Http.Server.Tests.Support;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Server.Tests.Http2;

/// <summary>Requests and answers over HTTP/2 by prior knowledge: what handlers see and what clients get is as over HTTP/1.</summary>
public sealed class RequestTests
{
    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void A_request_is_answered(string wire)
    {
        using var server = new TestServer(wire, exchange =>
        {
            Assert.Equal(HttpVersion.Http2, exchange.Request.Version);
            exchange.Response.Headers.Add("X-Name"u8, "Value"u8);
            return exchange.SendText($"{Encoding.ASCII.GetString(exchange.Request.MethodName)} {exchange.Path()} {Encoding.ASCII.GetString(exchange.Request.Query)} "
                + $"{Encoding.ASCII.GetString(exchange.Request.Host)} {exchange.Request.HasBody}");
        });
        var client = new Http2Client(server.Connect());
        client.SendRequest(1, "/a%20b?c=d");
        client.SendRequest(3, "/x/../y");
        var answer = client.Answer(1);
        Assert.Equal((200, "GET /a b c=d a False"), (answer.Status, answer.Text));
        Assert.Equal("Value", answer.Fields["x-name"]);
        Assert.Equal("gatehouse", answer.Fields["server"]);
        Assert.Equal("20", answer.Fields["content-length"]);
        Assert.EndsWith("GMT", answer.Fields["date"], StringComparison.Ordinal);
        Assert.Equal("GET /y  a False", client.Answer(3).Text);
        client.Wire.Dispose();
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void A_body_is_read_and_sent_back(string wire)
    {
        using var server = new TestServer(wire, async exchange => await exchange.SendAsync(await exchange.ReadBody(777)));
        var client = new Http2Client(server.Connect()) { Acknowledges = true };
        var body = ExchangeExtensions.Pattern(100_000);
        client.SendRequest(1, method: "POST", ends: false);
        client.SendRequest(3, method: "POST", fields: "content-length=5", ends: false);
        for (var at = 0; at < body.Length; at += 10_000)
            client.Send(Http2Client.Data, at == 90_000 ? Http2Client.EndStream : 0, 1, body[at..(at + 10_000)]);
        client.Send(Http2Client.Data, Http2Client.EndStream | Http2Client.Padded, 3, [2, .. "hello"u8, 0, 0]);
        Assert.Equal("hello", client.Answer(3).Text);
        Assert.Equal(body, client.Answer(1).Body.ToArray());
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void Bytes_may_arrive_in_any_pieces(string wire)
    {
        using var server = new TestServer(wire, async exchange => await exchange.SendText($"{exchange.Path()} {(await exchange.ReadBody()).Length}"));
        var bytes = new List<byte>();
        bytes.AddRange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        bytes.AddRange(Http2Client.Bytes(Http2Client.Settings, 0, 0, []));
        var request = Http2Client.Request(1, "/one", "POST", ends: false);
        bytes.AddRange(Http2Client.Bytes(Http2Client.Headers, 0, 1, request[9..20]));
        bytes.AddRange(Http2Client.Bytes(Http2Client.Continuation, 0, 1, request[20..21]));
        bytes.AddRange(Http2Client.Bytes(Http2Client.Continuation, Http2Client.EndHeaders, 1, request[21..]));
        bytes.AddRange(Http2Client.Bytes(Http2Client.Data, 0, 1, new byte[300]));
        bytes.AddRange(Http2Client.Bytes(0x77, 0xFF, 1, new byte[10]));
        bytes.AddRange(Http2Client.Bytes(Http2Client.Data, Http2Client.EndStream, 1, new byte[44]));
        foreach (var pieces in Testing.Splits.Of([.. bytes], random: 6))
        {
            using var wireClient = server.Connect();
            wireClient.Send(pieces);
            var client = new Http2Client(wireClient, greets: false);
            Assert.Equal("/one 344", client.Answer(1).Text);
        }
    }

    [Fact]
    public void Many_requests_are_under_way_at_once_and_answered_as_they_are_ready()
    {
        var gates = Enumerable.Range(0, 100).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        using var entered = new CountdownEvent(100);
        using var server = new TestServer("tcp", async exchange =>
        {
            entered.Signal();
            await gates[int.Parse(exchange.Path().AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)].Task;
            await exchange.SendText(exchange.Path());
        });
        var client = new Http2Client(server.Connect());
        for (var i = 0; i < 100; i++)
            client.SendRequest(1 + (2 * i), $"/{i}");
        Assert.True(entered.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        for (var i = 99; i >= 0; i--)
        {
            gates[i].SetResult();
            Assert.Equal($"/{i}", client.Answer(1 + (2 * i)).Text);
        }
    }

    [Fact]
    public void Head_and_answers_without_content_have_none()
    {
        using var server = new TestServer("tcp", exchange =>
        {
            if (exchange.Path() != "/head")
                exchange.Response.Status = int.Parse(exchange.Path().AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
            return exchange.Path() == "/head" ? exchange.SendText("hello") : exchange.CompleteAsync();
        });
        var client = new Http2Client(server.Connect());
        client.SendRequest(1, "/head", "HEAD");
        client.SendRequest(3, "/204");
        client.SendRequest(5, "/304");
        var head = client.Answer(1);
        Assert.Equal((200, "5", 0), (head.Status, head.Fields["content-length"], head.Body.Length));
        Assert.False(client.Answer(3).Fields.ContainsKey("content-length"));
        Assert.Equal((304, 0), (client.Answer(5).Status, client.Of(5).Body.Length));
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void Trailers_go_both_ways(string wire)
    {
        using var server = new TestServer(wire, async exchange =>
        {
            await exchange.ReadBody();
            exchange.Response.Trailers.Add("X-Sum"u8, exchange.Request.Trailers![0].Value);
            exchange.Response.Trailers.Add("Grpc-Status"u8, "0"u8);
            await exchange.WriteText("body");
            await exchange.CompleteAsync();
        });
        var client = new Http2Client(server.Connect());
        client.SendRequest(1, method: "POST", fields: "te=trailers", ends: false);
        client.Send(Http2Client.Data, 0, 1, [1, 2, 3]);
        client.Send(Http2Client.Headers, Http2Client.EndStream | Http2Client.EndHeaders, 1, Http2Client.Block("x-check=42"));
        var answer = client.Answer(1);
        Assert.Equal("body", answer.Text);
        Assert.Equal("42", answer.Trailers["x-sum"]);
        Assert.Equal("0", answer.Trailers["grpc-status"]);
    }

    [Fact]
    public void Trailers_may_be_all_there_is()
    {
        using var server = new TestServer("tcp", exchange =>
        {
            exchange.Response.Trailers.Add("Grpc-Status"u8, "12"u8);
            return exchange.CompleteAsync();
        });
        var client = new Http2Client(server.Connect());
        client.SendRequest(1);
        Assert.Equal("12", client.Answer(1).Trailers["grpc-status"]);
    }

    [Fact]
    public void Interim_answers_come_first()
    {
        using var server = new TestServer("tcp", async exchange =>
        {
            var hints = new HeaderList();
            hints.Add(KnownHeader.Link, "</a.css>; rel=preload"u8);
            await exchange.SendInterimAsync(103, hints);
            await exchange.SendText($"{(await exchange.ReadBody()).Length}");
        });
        var client = new Http2Client(server.Connect());
        client.SendRequest(1, method: "POST", fields: "expect=100-continue", ends: false);
        client.Until(Http2Client.Headers);
        client.Until(Http2Client.Headers);
        client.Send(Http2Client.Data, Http2Client.EndStream, 1, new byte[7]);
        var answer = client.Answer(1);
        Assert.Equal([103, 100, 200], answer.Heads.Select(head => head.Status));
        Assert.Equal("</a.css>; rel=preload", answer.Heads[0].Fields["link"]);
        Assert.Equal("7", answer.Text);
    }

    [Theory]
    [InlineData("/..", "", 400)]
    [InlineData("/", "expect=tea", 417)]
    [InlineData("/throw", "", 500)]
    [InlineData("/404", "", 404)]
    public void What_is_refused_gets_a_page(string path, string fields, int status)
    {
        using var server = new TestServer("tcp", exchange =>
        {
            if (exchange.Path() == "/throw")
                throw new InvalidOperationException("meant");
            exchange.Response.Status = 404;
            return default;
        });
        var client = new Http2Client(server.Connect());
        client.SendRequest(1, path, fields: fields);
        Assert.Equal(status, client.Answer(1).Status);
        Assert.Contains($"<h1>{status}", client.Of(1).Text, StringComparison.Ordinal);
        // The connection goes on.
        client.SendRequest(3, "/404");
        Assert.Equal(404, client.Answer(3).Status);
    }

    [Fact]
    public void Too_many_or_too_large_fields_are_answered_with_431_and_the_table_stays_right()
    {
        using var server = new TestServer("tcp", exchange => exchange.SendText("x"), new ServerLimits { Head = new() { HeadBytes = 1000 } });
        var client = new Http2Client(server.Connect());
        client.SendRequest(1, fields: "x-large=" + new string('a', 1000));
        Assert.Equal(431, client.Answer(1).Status);
        client.SendRequest(3);
        Assert.Equal(200, client.Answer(3).Status);
    }

    [Fact]
    public void A_body_that_nobody_reads_is_stopped_and_not_an_error()
    {
        using var server = new TestServer("tcp", exchange => exchange.SendText("early"));
        var client = new Http2Client(server.Connect());
        client.SendRequest(1, method: "POST", ends: false);
        Assert.Equal("early", client.Answer(1).Text);
        while (client.Of(1).Reset is null)
            client.Until(Http2Client.RstStream);
        Assert.Equal(0u, client.Of(1).Reset);
        // What was on its way is dropped, and its share of the connection's window comes back.
        for (var i = 0; i < 100; i++)
            client.Send(Http2Client.Data, 0, 1, new byte[16_000]);
        client.SendRequest(3);
        Assert.Equal("early", client.Answer(3).Text);
        Assert.Null(client.GoAwayCode);
    }

    [Fact]
    public void A_body_over_its_limit_is_refused()
    {
        using var server = new TestServer("tcp", async exchange => await exchange.ReadBody(), new ServerLimits { BodyBytes = 10 });
        var client = new Http2Client(server.Connect());
        client.SendRequest(1, method: "POST", ends: false);
        client.Send(Http2Client.Data, Http2Client.EndStream, 1, new byte[11]);
        Assert.Equal(413, client.Answer(1).Status);
        client.SendRequest(3, method: "POST", fields: "content-length=11|expect=100-continue", ends: false);
        Assert.Equal(413, client.Answer(3).Status);
        Assert.Single(client.Of(3).Heads);
    }

    [Fact]
    public void Cookies_are_one_field_again()
    {
        using var server = new TestServer("tcp", exchange =>
        {
            exchange.Request.Headers.TryGet(KnownHeader.Cookie, out var cookie);
            return exchange.SendAsync(cookie.ToArray());
        });
        var client = new Http2Client(server.Connect());
        client.SendRequest(1, fields: "cookie=a=1|cookie=b=2");
        Assert.Equal("a=1; b=2", client.Answer(1).Text);
    }

    [Fact]
    public void A_large_head_is_continued()
    {
        using var server = new TestServer("tcp", exchange =>
        {
            for (var i = 0; i < 40; i++)
                exchange.Response.Headers.Add(Encoding.ASCII.GetBytes($"X-{i}"), Encoding.ASCII.GetBytes(new string('~', 1000)));
            return exchange.SendText("x");
        });
        var client = new Http2Client(server.Connect());
        client.SendRequest(1);
        Assert.Equal(40, client.Answer(1).Fields.Count(field => field.Key.StartsWith("x-", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_answer_that_breaks_off_is_reset()
    {
        using var server = new TestServer("tcp", async exchange =>
        {
            exchange.Response.ContentLength = 10;
            await exchange.WriteText("short");
        });
        var client = new Http2Client(server.Connect());
        client.SendRequest(1);
        Assert.Equal(2u, client.Answer(1).Reset);
        Assert.Contains(server.Events.Failed, failure => failure is InvalidOperationException);
    }

    [Fact]
    public void A_reset_ends_the_handler_and_the_others_go_on()
    {
        var ended = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = new TestServer("tcp", async exchange =>
        {
            if (exchange.Path() == "/ok")
            {
                await exchange.SendText("ok");
                return;
            }
            try
            {
                await Task.Delay(Timeout.Infinite, exchange.Aborted);
            }
            catch (OperationCanceledException)
            {
                ended.SetResult($"aborted {exchange.IsAborted}");
                throw;
            }
        });
        var client = new Http2Client(server.Connect());
        client.SendRequest(1);
        client.SendRequest(3, "/ok");
        client.Answer(3);
        client.Send(Http2Client.RstStream, 0, 1, Http2Client.Word(8));
        Assert.Equal("aborted True", Eventually.Result(ended.Task));
        client.SendRequest(5, "/ok");
        Assert.Equal("ok", client.Answer(5).Text);
    }
}
