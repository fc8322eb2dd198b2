namespace Gatehouse.Interop.Tests.Proxying;

/// <summary>When bytes pass: events at once, slow clients on nobody's time but their own.</summary>
public sealed class StreamingTests
{
    private static readonly byte[] Twenty = Noise.Bytes(20 << 20);

    [Theory]
    [InlineData("")]
    [InlineData("buffer: off")]
    public void Server_sent_events_arrive_when_they_are_sent(string settings)
    {
        // Each event is sent when the client has the one before: one that is held back ends the test.
        using var seen = new SemaphoreSlim(1);
        using var upstream = new ScriptedUpstream(connection =>
        {
            connection.ReadRequest();
            connection.Send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (var i = 0; i < 5; i++)
            {
                Assert.True(seen.Wait(Served.Patience));
                var line = $"data: {i}\n\n";
                connection.Send($"{line.Length:x}\r\n{line}\r\n");
            }
            connection.Send("0\r\n\r\n");
            connection.ReadToEnd();
        });
        using var served = Served.Start(Served.Proxy(upstream.Address, settings));
        using var client = served.Connect();
        client.Send(Served.Head("GET", "/events"));
        Assert.Contains("text/event-stream", System.Text.Encoding.ASCII.GetString(client.ReadThrough("\r\n\r\n"u8)), StringComparison.Ordinal);
        for (var i = 0; i < 5; i++)
        {
            Assert.EndsWith($"data: {i}\n\n", System.Text.Encoding.ASCII.GetString(client.ReadThrough("\n\n"u8)), StringComparison.Ordinal);
            seen.Release();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("buffer-memory: 64KB")]
    [InlineData("buffer-memory: 0, buffer-disk: 64MB")]
    public void A_slow_client_does_not_hold_the_upstream(string settings)
    {
        using var upstream = ScriptedUpstream.Answering(request => request.Path == "/large" ? Answer.Of(200, Twenty) : Answer.Ok("free"));
        using var served = Served.Start(Served.Proxy(upstream.Address, settings));
        using var client = served.Connect();
        client.Send(Served.Head("GET", "/large"));
        var begin = client.Read(1000);
        // The connection is free again, and the next request gets it, while the slow client has a thousand bytes of twenty million.
        Served.Eventually(() => Active(served) == 0, "the upstream has sent all of its answer");
        for (var i = 0; i < 3; i++) Assert.Equal("free", served.Get("/small").Text);
        Assert.InRange(upstream.Accepted, 1, Environment.ProcessorCount);
        var early = begin.Length - begin.AsSpan().IndexOf("\r\n\r\n"u8) - 4;
        Noise.AssertSame(Twenty.AsSpan(early), client.Read(Twenty.Length - early));
    }

    [Theory]
    [InlineData("buffer-memory: 0, buffer-disk: 0")]
    [InlineData("buffer-memory: 128KB, buffer-disk: 0")]
    [InlineData("buffer-memory: 0, buffer-disk: 128KB")]
    [InlineData("buffer-memory: 100KB, buffer-disk: 1MB")]
    [InlineData("buffer: off")]
    public void A_bound_on_what_is_collected_slows_the_upstream_and_loses_nothing(string settings)
    {
        using var upstream = ScriptedUpstream.Answering(request => request.Path == "/chunked" ? Answer.Chunked(Twenty, 70_000) : Answer.Of(200, Twenty));
        using var served = Served.Start(Served.Proxy(upstream.Address, settings));
        foreach (var target in new[] { "/known", "/chunked" })
        {
            using var client = served.Connect();
            client.Send(Served.Head("GET", target));
            Thread.Sleep(500);
            Noise.AssertSame(Twenty, client.ReadResponse().Body);
        }
    }

    [Fact]
    public void A_slow_upload_is_collected_before_the_upstream_is_asked()
    {
        using var upstream = ScriptedUpstream.Answering(request => Answer.Of(200, request.Body));
        using var served = Served.Start(Served.Proxy(upstream.Address));
        using var client = served.Connect();
        client.Send(Served.Head("POST", "/", "Content-Length: 40"));
        for (var i = 0; i < 4; i++)
        {
            client.Send("0123456789");
            Thread.Sleep(200);
            if (i < 3) Assert.Equal(0, upstream.Accepted);
        }
        Assert.Equal(string.Concat(Enumerable.Repeat("0123456789", 4)), client.ReadResponse().Text);
    }

    [Fact]
    public void Without_buffering_both_directions_flow_at_once()
    {
        using var upstream = new ScriptedUpstream(connection =>
        {
            connection.ReadHead();
            connection.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (connection.ReadThrough("\r\n") is not "0\r\n")
            {
                var data = connection.ReadThrough("\r\n");
                connection.Send($"{data.Length - 2:x}\r\n{data}");
            }
            connection.ReadThrough("\r\n");
            connection.Send("0\r\n\r\n");
            connection.ReadToEnd();
        });
        using var served = Served.Start(Served.Proxy(upstream.Address, "buffer: off"));
        using var client = served.Connect();
        client.Send(Served.Head("POST", "/", "Transfer-Encoding: chunked"));
        client.ReadThrough("\r\n\r\n"u8);
        for (var i = 0; i < 5; i++)
        {
            client.Send($"6\r\nping-{i}\r\n");
            Assert.Equal($"6\r\nping-{i}\r\n", System.Text.Encoding.ASCII.GetString(client.Read(11)));
        }
        client.Send("0\r\n\r\n");
        Assert.Equal("0\r\n\r\n", System.Text.Encoding.ASCII.GetString(client.Read(5)));
    }

    [Fact]
    public void A_client_that_goes_away_frees_the_upstream()
    {
        using var upstream = new ScriptedUpstream(connection =>
        {
            connection.ReadRequest();
            connection.ReadToEnd();
        });
        using var served = Served.Start(Served.Proxy(upstream.Address));
        using (var client = served.Connect())
        {
            client.Send(Served.Head("GET", "/never"));
            Served.Eventually(() => upstream.Open == 1, "the upstream is asked");
            client.Reset();
        }
        Served.Eventually(() => upstream.Open == 0, "the upstream's connection is closed");
    }

    private static int Active(Served served)
    {
        using var status = System.Text.Json.JsonDocument.Parse(served.Process.Control("status").Expect(0).Output);
        return status.RootElement.GetProperty("upstreams")[0][0].GetProperty("active").GetInt32();
    }
}
