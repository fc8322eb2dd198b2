using System.Diagnostics;

namespace Gatehouse.Interop.Tests.Limits;

/// <summary>Clients that are slow, many or too large cost what a limit says, and others do not notice.</summary>
public sealed class SlowClientTests
{
    private const string Hello = "sites: [{routes: [{match: /*, respond: hello}]}]";

    [Fact]
    public void A_head_that_does_not_come_to_its_end_is_408_and_closed()
    {
        using var served = Served.Start($"timeouts: {{head: 1s}}\n{Hello}");
        using var slow = served.Connect();
        var clock = Stopwatch.StartNew();
        var writer = new Thread(() =>
        {
            try
            {
                foreach (var piece in "GET / HTTP/1.1\r\nHost: test.example\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
                {
                    slow.Send($"{piece}");
                    Thread.Sleep(50);
                }
            }
            catch (Exception e) when (e is System.Net.Sockets.SocketException or ObjectDisposedException)
            {
                // Closed, as it should be.
            }
        });
        writer.Start();
        Assert.Equal("hello", served.Get("/").Text);
        var answer = slow.ReadResponse();
        Assert.Equal((408, "close"), (answer.Status, answer["Connection"]));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.9, 8);
        Assert.Empty(slow.ReadToEnd(allowReset: true));
        served.Process.WaitForOutput("head did not arrive within 1 s");
        Assert.True(writer.Join(Served.Patience));
    }

    [Fact]
    public void An_idle_connection_is_closed_after_its_time()
    {
        using var served = Served.Start($"timeouts: {{idle: 500ms, head: 500ms}}\n{Hello}");
        using var client = served.Connect();
        client.Send(Served.Head("GET", "/"));
        Assert.Equal("hello", client.ReadResponse().Text);
        Assert.True(client.IsAtEnd());
        using var silent = served.Connect();
        Assert.Empty(silent.ReadToEnd());
    }

    [Fact]
    public void A_body_that_does_not_go_on_is_408()
    {
        using var upstream = ScriptedUpstream.Answering(_ => Answer.Ok("never"));
        using var served = Served.Start($"timeouts: {{body: 500ms}}\n{Served.Proxy(upstream.Address)}");
        using var client = served.Connect();
        client.Send(Served.Head("POST", "/", "Content-Length: 100") + "only these");
        Assert.Equal(408, client.ReadResponse().Status);
        Assert.Equal(0, upstream.Accepted);
        served.Process.WaitForOutput("no byte of the request's body within 0.5 s");
    }

    [Fact]
    public void A_client_that_takes_nothing_is_dropped_after_its_time()
    {
        using var served = Served.Start("timeouts: {write: 500ms}\nsites: [{routes: [{match: /*, files: {root: public}}]}]", folder => folder.Write("public/big", Noise.Bytes(30 << 20)));
        using var client = served.Connect();
        client.Send(Served.Head("GET", "/big"));
        served.Process.WaitForOutput("took no byte of the answer within 0.5 s");
        Assert.InRange(client.ReadToEnd(allowReset: true).Length, 1, (30 << 20) - 1);
    }

    [Fact]
    public void Heads_over_a_limit_are_refused_by_its_name()
    {
        using var served = Served.Start($"limits: {{head: 2KB, target: 300, fields: 10}}\n{Hello}");
        Assert.Equal(414, served.Get($"/{new string('a', 400)}").Status);
        Assert.Equal(431, served.Get("/", $"X-Long: {new string('a', 3000)}").Status);
        Assert.Equal(431, served.Get("/", [.. Enumerable.Range(0, 20).Select(i => $"X-{i}: y")]).Status);
        Assert.Equal(200, served.Get($"/{new string('a', 250)}").Status);
    }

    [Fact]
    public void A_body_larger_than_what_a_route_collects_is_413()
    {
        using var upstream = ScriptedUpstream.Answering(request => Answer.Ok($"{request.Body.Length}"));
        using var served = Served.Start(Served.Proxy(upstream.Address, "buffer-memory: 64KB, buffer-disk: 64KB"));
        Assert.Equal("131072", served.Send("POST", "/", Noise.Bytes(128 * 1024)).Text);
        Assert.Equal(413, served.Send("POST", "/", Noise.Bytes((128 * 1024) + 1)).Status);
        using var client = served.Connect();
        client.Send(Served.Head("POST", "/", "Transfer-Encoding: chunked") + "40000\r\n");
        client.Send(Noise.Bytes(0x40000));
        client.Send("\r\n0\r\n\r\n");
        Assert.Equal(413, client.ReadResponse().Status);
        Assert.Equal(1, upstream.Accepted);
    }

    [Theory]
    [InlineData("")]
    [InlineData("buffer: off")]
    public void A_body_over_the_configured_limit_is_413(string settings)
    {
        using var upstream = ScriptedUpstream.Answering(request => Answer.Ok($"{request.Body.Length}"));
        using var served = Served.Start($"{Served.Proxy(upstream.Address, settings)}\n    limits: {{body: 100KB}}");
        Assert.Equal("102400", served.Send("POST", "/", Noise.Bytes(100 * 1024)).Text);
        Assert.Equal(413, served.Send("POST", "/", Noise.Bytes((100 * 1024) + 1)).Status);
        using var client = served.Connect();
        client.Send(Served.Head("POST", "/", "Transfer-Encoding: chunked") + "40000\r\n");
        client.Send(Noise.Bytes(0x40000));
        Assert.Equal(413, client.ReadResponse().Status);
    }

    [Fact]
    public void A_client_that_expects_100_is_refused_before_it_sends_too_much()
    {
        using var upstream = ScriptedUpstream.Answering(_ => Answer.Ok("never"));
        using var served = Served.Start(Served.Proxy(upstream.Address, "buffer-memory: 64KB, buffer-disk: 64KB"));
        using var client = served.Connect();
        client.Send(Served.Head("POST", "/", "Expect: 100-continue", "Content-Length: 200000"));
        Assert.Equal(413, client.ReadResponse().Status);
    }

    [Fact]
    public void A_thousand_idle_connections_do_not_slow_the_next()
    {
        using var served = Served.Start(Hello);
        var idle = new List<RawClient>();
        try
        {
            for (var i = 0; i < 1000; i++) idle.Add(served.Connect());
            for (var i = 0; i < 1000; i += 2) idle[i].Send(Served.Head("GET", "/"));
            for (var i = 0; i < 1000; i += 2) Assert.Equal("hello", idle[i].ReadResponse().Text);
            using var client = served.Connect();
            var times = new List<double>();
            for (var i = 0; i < 200; i++)
            {
                var clock = Stopwatch.StartNew();
                client.Send(Served.Head("GET", "/"));
                Assert.Equal("hello", client.ReadResponse().Text);
                times.Add(clock.Elapsed.TotalMilliseconds);
            }
            times.Sort();
            Assert.InRange(times[100], 0, 20);
        }
        finally
        {
            foreach (var client in idle) client.Dispose();
        }
        Served.Eventually(() => served.Process.Control("status").Output.Contains("\"connections\": 0", StringComparison.Ordinal), "all connections are closed");
    }

    [Fact]
    public void Without_descriptors_others_are_served_when_some_are_freed_and_it_is_said_once()
    {
        using var served = Served.Start(Hello);
        Assert.Equal("hello", served.Get("/").Text);
        var limit = served.OpenDescriptors + 40;
        PeerProcess.Run("prlimit", ["--pid", $"{served.Process.Id}", $"--nofile={limit}:{limit}"]).Expect(0);
        var clients = new List<RawClient>();
        try
        {
            for (var i = 0; i < 100; i++)
            {
                clients.Add(served.Connect());
                clients[^1].Send(Served.Head("GET", "/"));
            }
            served.Process.WaitForOutput("Too many open files");
            var answered = clients.Where(client => client.Socket.Poll(TimeSpan.FromMilliseconds(20), System.Net.Sockets.SelectMode.SelectRead)).ToArray();
            Assert.InRange(answered.Length, 30, 45);
            Thread.Sleep(500);
            Assert.InRange(served.Process.Error.Split("Too many open files").Length - 1, 1, Environment.ProcessorCount);
            // Those who got nothing yet get it when others go.
            var waiting = clients.Except(answered).ToArray();
            foreach (var client in answered)
            {
                Assert.Equal("hello", client.ReadResponse().Text);
                client.Dispose();
            }
            foreach (var client in waiting)
            {
                Assert.Equal("hello", client.ReadResponse().Text);
                client.Dispose();
            }
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
        }
        Assert.Equal("hello", served.Get("/").Text);
    }

    [Fact]
    public void Half_open_and_reset_connections_leave_nothing_behind()
    {
        using var served = Served.Start(Hello);
        Assert.Equal("hello", served.Get("/").Text);
        var before = served.OpenDescriptors;
        for (var i = 0; i < 200; i++)
        {
            using var client = served.Connect();
            if (i % 4 > 0) client.Send(i % 4 == 1 ? "GET / HT" : Served.Head("GET", "/"));
            if (i % 4 == 2) client.HalfClose();
            if (i % 3 == 0) client.Reset();
        }
        Served.Eventually(() => served.OpenDescriptors <= before + 2, "descriptors are given back");
        Assert.Equal("hello", served.Get("/").Text);
    }
}
