using System.Text;
using Gatehouse.Http.Client.Tests.Support;
using Gatehouse.Http.Server;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Client.Tests.Http2;

public sealed class Http2ClientTests
{
    private const ClientFault None = (ClientFault)(-1);

    [Fact]
    public async Task Requests_share_a_connection()
    {
        using var server = new TestServer(async exchange =>
        {
            var body = new byte[100];
            var count = exchange.Request.HasBody ? await exchange.ReadAsync(body) : 0;
            await exchange.SendAsync(Encoding.ASCII.GetBytes($"{Encoding.ASCII.GetString(exchange.Request.Path)} {Encoding.ASCII.GetString(body, 0, count)} {exchange.Request.Version}"));
        });
        await using var lab = new Http2Lab(server.Endpoint);
        var answers = await lab.Reactor.RunAsync(() => Task.WhenAll(Enumerable.Range(0, 50).Select(i => lab.AskHereAsync($"/{i}", i % 2 == 0 ? "GET" : "POST", i % 2 == 0 ? null : [(byte)'b']))));
        for (var i = 0; i < 50; i++)
            Assert.Equal((200, $"/{i} {(i % 2 == 0 ? "" : "b")} Http2"), (answers[i].Status, answers[i].Body));
        Assert.Equal(1, lab.Pool.Count);
        // For a moment the connection counts twice: as the one of HTTP/1 that saw the preface, and as the one of HTTP/2 that took it over.
        await lab.Reactor.UntilAsync(() => server.Server.OpenConnections == 1, "one connection");
    }

    [Fact]
    public async Task Large_bodies_go_both_ways_at_once_with_trailers_and_interims()
    {
        using var server = new TestServer(async exchange =>
        {
            var hints = new HeaderList();
            hints.Add(KnownHeader.Link, "x"u8);
            await exchange.SendInterimAsync(103, hints);
            await exchange.SendInterimAsync(103, hints);
            var buffer = new byte[10_000];
            for (int count; (count = await exchange.ReadAsync(buffer)) > 0;)
                await exchange.WriteAsync(buffer.AsMemory(0, count));
            exchange.Response.Trailers.Add("X-Sum"u8, "1"u8);
            await exchange.CompleteAsync();
        });
        await using var lab = new Http2Lab(server.Endpoint);
        var body = new byte[3_000_000];
        for (var i = 0; i < body.Length; i++)
            body[i] = (byte)((i * 7) + (i >> 8));
        var answer = await lab.Reactor.RunAsync(async () =>
        {
            var stream = lab.Pool.Open();
            Http2Lab.WriteHead(stream, "POST", "/", isLast: false);
            var sending = stream.WriteAsync(body, isLast: true).AsTask();
            var read = await Http2Lab.ReadAsync(stream);
            await sending;
            stream.Release();
            return read;
        });
        Assert.Equal([103, 103], answer.Interims);
        Assert.True(Encoding.Latin1.GetBytes(answer.Body).AsSpan().SequenceEqual(body));
        Assert.Equal("x-sum=1;", answer.Trailers);
    }

    [Fact]
    public async Task The_servers_limit_is_kept_by_further_connections()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = new TestServer(async exchange =>
        {
            if (exchange.Request.Path.SequenceEqual("/wait"u8))
                await gate.Task;
            await exchange.SendAsync("x"u8.ToArray());
        });
        server.Server.Limits = new ServerLimits { Streams = 2 };
        await using var lab = new Http2Lab(server.Endpoint);
        // The limit is known once the settings have come.
        await lab.AskAsync();
        var waiting = lab.Reactor.RunAsync(() => Task.WhenAll(Enumerable.Range(0, 5).Select(_ => lab.AskHereAsync("/wait"))));
        await lab.Reactor.UntilAsync(() => lab.Pool.Count >= 2, "a second connection");
        gate.SetResult();
        Assert.All(await waiting, answer => Assert.Equal("x", answer.Body));
    }

    [Fact]
    public async Task A_request_that_was_not_taken_up_may_be_sent_again()
    {
        await using var server = ScriptedServer.Start(async side =>
        {
            var stream = await Http2Lab.GreetAsync(side);
            if (side.Index == 0)
            {
                // RST_STREAM with REFUSED_STREAM.
                await side.SendAsync(Http2Lab.Frame(3, 0, stream, 0, 0, 0, 7));
                await Http2Lab.ReadHeadersAsync(side);
                // GOAWAY that names none.
                await side.SendAsync(Http2Lab.Frame(7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
            }
            else
            {
                await side.SendAsync(Http2Lab.Frame(1, 5, stream, 0x88));
            }
            await side.ReadToEndAsync();
        });
        await using var lab = new Http2Lab(server.Endpoint);
        for (var i = 0; i < 2; i++)
        {
            var failure = await Assert.ThrowsAsync<ClientException>(() => lab.AskAsync());
            Assert.Equal(ClientFault.Refused, failure.Fault);
            Assert.True(failure.IsUnsent);
        }
        // The connection that leaves takes no further request.
        Assert.Equal(200, (await lab.AskAsync()).Status);
        Assert.Equal(2, server.Accepted);
    }

    [Fact]
    public async Task What_was_taken_up_before_a_goaway_is_answered()
    {
        await using var server = ScriptedServer.Start(async side =>
        {
            var stream = await Http2Lab.GreetAsync(side);
            await side.SendAsync(Http2Lab.Frame(7, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0));
            await side.SendAsync(Http2Lab.Frame(1, 4, stream, 0x88));
            await side.SendAsync(Http2Lab.Frame(0, 1, stream, (byte)'x'));
            await side.ReadToEndAsync();
        });
        await using var lab = new Http2Lab(server.Endpoint);
        Assert.Equal("x", (await lab.AskAsync()).Body);
        await lab.Reactor.UntilAsync(() => lab.Pool.Count == 0, "the connection to end");
    }

    public static TheoryData<string, ClientFault, byte[]> Faults => new()
    {
        { "a malformed status", ClientFault.BadResponse, Http2Lab.Frame(1, 5, 1, 0x08, 3, (byte)'x', (byte)'y', (byte)'z') },
        { "no status", ClientFault.BadResponse, Http2Lab.Frame(1, 5, 1, 0x0F, 0x0D, 1, (byte)'0') },
        { "data first", ClientFault.BadResponse, Http2Lab.Frame(0, 0, 1, 1) },
        { "a block that cannot be decoded", ClientFault.BadResponse, Http2Lab.Frame(1, 5, 1, 0xBE) },
        { "a stream that was never opened", ClientFault.BadResponse, Http2Lab.Frame(1, 5, 9, 0x88) },
        { "PUSH_PROMISE", ClientFault.BadResponse, Http2Lab.Frame(5, 4, 1, 0, 0, 0, 2, 0x82) },
        { "a window update of 0", ClientFault.BadResponse, Http2Lab.Frame(8, 0, 0, 0, 0, 0, 0) },
        { "the wrong size", ClientFault.BadResponse, Http2Lab.Frame(6, 0, 0, 1) },
        { "more data than announced", ClientFault.BadResponse, [.. Http2Lab.Frame(1, 4, 1, 0x88, 0x0F, 0x0D, 1, (byte)'1'), .. Http2Lab.Frame(0, 0, 1, 1, 2)] },
        { "less data than announced", ClientFault.BadResponse, [.. Http2Lab.Frame(1, 4, 1, 0x88, 0x0F, 0x0D, 1, (byte)'3'), .. Http2Lab.Frame(0, 1, 1, 1, 2)] },
        { "an interim answer that ends", ClientFault.BadResponse, Http2Lab.Frame(1, 5, 1, 0x08, 3, (byte)'1', (byte)'0', (byte)'3') },
        { "a reset", ClientFault.BadResponse, Http2Lab.Frame(3, 0, 1, 0, 0, 0, 2) },
        { "a reset inside the body", ClientFault.Truncated, [.. Http2Lab.Frame(1, 4, 1, 0x88), .. Http2Lab.Frame(3, 0, 1, 0, 0, 0, 2)] },
        { "a whole answer", None, [.. Http2Lab.Frame(1, 4, 1, 0x88), .. Http2Lab.Frame(0, 1, 1, 1)] },
    };

    [Theory, MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public async Task A_server_that_breaks_the_rules_is_found_out(string what, ClientFault fault, byte[] frames)
    {
        await using var server = ScriptedServer.Start(async side =>
        {
            await Http2Lab.GreetAsync(side);
            await side.SendAsync(frames);
            await side.ReadToEndAsync();
        });
        await using var lab = new Http2Lab(server.Endpoint);
        if (fault == None)
        {
            Assert.Equal("\u0001", (await lab.AskAsync()).Body);
            return;
        }
        var failure = await Assert.ThrowsAsync<ClientException>(() => lab.AskAsync());
        Assert.True(failure.Fault == fault, $"{what}: {failure.Fault}, {failure.Message}");
    }

    [Theory]
    [InlineData(4, 1, ClientFault.BadResponse)]
    [InlineData(6, 0, ClientFault.BadResponse)]
    [InlineData(0x42, 0, ClientFault.BadResponse)]
    [InlineData(8, 0, ClientFault.BadResponse)]
    public async Task A_server_that_floods_is_left(byte type, byte flags, ClientFault fault)
    {
        await using var server = ScriptedServer.Start(async side =>
        {
            await Http2Lab.GreetAsync(side);
            var payload = type switch { 6 => new byte[8], 8 => [0, 0, 0, 1], _ => [] };
            var many = Enumerable.Repeat(Http2Lab.Frame(type, flags, 0, payload), 1000).SelectMany(frame => frame).ToArray();
            try
            {
                // Far more than the kernel holds of the answers to pings, which nobody reads here: a server that ended
                // before the client had its fill would look like one that just went away.
                for (var i = 0; i < 5000; i++)
                    await side.SendAsync(many);
            }
            catch (IOException)
            {
                // Left.
            }
        });
        await using var lab = new Http2Lab(server.Endpoint);
        Assert.Equal(fault, (await Assert.ThrowsAsync<ClientException>(() => lab.AskAsync())).Fault);
    }

    [Fact]
    public async Task Time_limits_name_their_step()
    {
        var limits = new ClientTimeouts { FirstByte = TimeSpan.FromMilliseconds(200), Idle = TimeSpan.FromMilliseconds(200), KeepAlive = TimeSpan.FromMilliseconds(300) };
        await using var server = ScriptedServer.Start(async side =>
        {
            var stream = await Http2Lab.GreetAsync(side);
            await Http2Lab.ReadHeadersAsync(side);
            await side.SendAsync(Http2Lab.Frame(1, 4, stream + 2, 0x88));
            await side.ReadToEndAsync();
        });
        await using var lab = new Http2Lab(server.Endpoint, limits);
        Assert.Equal(ClientFault.ResponseTimeout, (await Assert.ThrowsAsync<ClientException>(() => lab.AskAsync())).Fault);
        Assert.Equal(ClientFault.BodyTimeout, (await Assert.ThrowsAsync<ClientException>(() => lab.AskAsync())).Fault);
        await lab.Reactor.UntilAsync(() => lab.Pool.Count == 0, "the idle connection to end");
    }

    [Fact]
    public async Task A_server_that_takes_no_body_is_waited_for_so_long()
    {
        await using var server = ScriptedServer.Start(async side =>
        {
            await Http2Lab.GreetAsync(side);
            await side.ReadToEndAsync();
        });
        await using var lab = new Http2Lab(server.Endpoint, new ClientTimeouts { Idle = TimeSpan.FromMilliseconds(300) });
        var failure = await Assert.ThrowsAsync<ClientException>(() => lab.AskAsync(method: "POST", body: new byte[200_000]));
        Assert.Equal(ClientFault.SendTimeout, failure.Fault);
    }

    [Fact]
    public async Task A_connection_that_cannot_be_made_fails_its_requests()
    {
        await using var lab = new Http2Lab(new Protocols.Addresses.Endpoint(Protocols.Addresses.IpAddress.FromV4(0x7F000001), (ushort)Testing.FreePort.Tcp()));
        var failures = await lab.Reactor.RunAsync(() => Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
            (await Assert.ThrowsAsync<ClientException>(() => lab.AskHereAsync())).Fault)));
        Assert.All(failures, fault => Assert.Equal(ClientFault.Connect, fault));
        await lab.Reactor.UntilAsync(() => lab.Pool.Count == 0, "no connection");
    }

    [Fact]
    public async Task Extended_connect_makes_a_tunnel()
    {
        using var server = new TestServer(async exchange =>
        {
            exchange.Response.Status = 101;
            var duplex = await exchange.UpgradeAsync();
            var buffer = new byte[100];
            for (int count; (count = await duplex.ReadAsync(buffer)) > 0;)
                await duplex.WriteAsync(buffer.AsMemory(0, count));
        });
        await using var lab = new Http2Lab(server.Endpoint);
        var text = await lab.Reactor.RunAsync(async () =>
        {
            var stream = lab.Pool.Open();
            await stream.ReadyAsync(withSettings: true);
            Assert.True(stream.AllowsExtendedConnect);
            WriteConnect(stream);
            await stream.ReadHeadAsync();
            Assert.Equal(200, stream.Response.Status);
            await stream.WriteAsync("ping"u8.ToArray(), isLast: false);
            await stream.WaitForBodyAsync();
            var buffer = new byte[10];
            var count = stream.TryReadBody(buffer);
            await stream.WriteAsync(default, isLast: true);
            while (stream.TryReadBody(new byte[1]) != 0)
                await stream.WaitForBodyAsync();
            stream.Release();
            return Encoding.ASCII.GetString(buffer, 0, count);
        });
        Assert.Equal("ping", text);

        static void WriteConnect(Client.Http2.Http2ClientStream stream)
        {
            var head = stream.BeginHead(Method.Connect, 200, isTunnel: true);
            head.Line("CONNECT"u8, isHttps: false, "test.example"u8, "/chat"u8, "websocket"u8);
            head.End(isLast: false);
        }
    }

    [Fact]
    public async Task A_request_given_up_is_reset_and_the_connection_goes_on()
    {
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = new TestServer(async exchange =>
        {
            if (!exchange.Request.Path.SequenceEqual("/wait"u8))
            {
                await exchange.SendAsync("x"u8.ToArray());
                return;
            }
            using var registration = exchange.Aborted.Register(aborted.SetResult);
            await Task.Delay(Timeout.Infinite, exchange.Aborted);
        });
        await using var lab = new Http2Lab(server.Endpoint);
        await lab.AskAsync();
        var failure = await lab.Reactor.RunAsync(async () =>
        {
            var stream = lab.Pool.Open();
            Http2Lab.WriteHead(stream, "GET", "/wait", isLast: true);
            var reading = stream.ReadHeadAsync();
            stream.OnClientAborted();
            try
            {
                return (await Assert.ThrowsAsync<ClientException>(async () => await reading)).Fault;
            }
            finally
            {
                stream.Release();
            }
        });
        Assert.Equal(ClientFault.Truncated, failure);
        await aborted.Task.WaitAsync(ReactorExtensions.Limit, TestContext.Current.CancellationToken);
        Assert.Equal("x", (await lab.AskAsync()).Body);
        Assert.Equal(1, lab.Pool.Count);
    }
}
