using System.Net.WebSockets;

namespace Gatehouse.Interop.Tests.Reloading;

/// <summary>A hundred reloads under load, each of which changes a body, a route, a listener and an upstream: nothing fails, and nothing is cut.</summary>
public sealed class ReloadUnderLoadTests
{
    private const int Reloads = 100;

    [Fact]
    public async Task A_hundred_reloads_fail_no_request_and_cut_nothing()
    {
        var download = Noise.Bytes(20 << 20);
        using var sockets = WebSocketEcho.Start();
        using var still = ScriptedUpstream.Answering(request => request.Path == "/still/download" ? Answer.Of(200, download) : Answer.Ok("still"));
        using var even = ScriptedUpstream.Answering(_ => Answer.Ok("even"));
        using var odd = ScriptedUpstream.Answering(_ => Answer.Ok("odd"));
        int[] ports = [FreePort.Tcp(), FreePort.Tcp()];
        using var served = Served.Start("", folder =>
        {
            folder.Write("public/file.bin", download);
            folder.Write("public/small.txt", "small");
        });
        served.Reload(Configuration(0));

        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{served.Port}/socket/"), TestContext.Current.CancellationToken);
        using var slowProxied = Begin("/still/download");
        using var slowFile = Begin("/files/file.bin");
        using var load = new Load(served.Port, ["/body", "/moving/x", "/still/x", "/files/small.txt"], Check, clients: 8);
        load.WaitFor(50);

        for (var i = 1; i <= Reloads; i++)
        {
            served.Reload(Configuration(i));
            Assert.Equal($"body {i}", served.Get("/body").Text);
            Assert.Equal((i % 2 == 0 ? "even" : "odd", 200), (served.Get("/moving/x").Text, served.Get($"/route-{i}").Status));
            Assert.Equal(404, served.Get($"/route-{i - 1}").Status);
            using (var other = RawClient.Connect(ports[i % 2], timeout: Served.Patience))
            {
                other.Send(Served.Head("GET", "/body"));
                Assert.Equal($"body {i}", other.ReadResponse().Text);
            }
            Assert.ThrowsAny<System.Net.Sockets.SocketException>(() => RawClient.Connect(ports[(i + 1) % 2]).Dispose());
            slowProxied.Advance();
            slowFile.Advance();
            if (i % 10 != 0) continue;
            var message = Noise.Bytes(2_000, i);
            await socket.SendAsync(message, WebSocketMessageType.Binary, true, TestContext.Current.CancellationToken);
            var echoed = await WebSocketEcho.ReceiveAsync(socket, TestContext.Current.CancellationToken);
            Noise.AssertSame(message, echoed);
        }

        load.AssertNoFault();
        slowProxied.AssertWhole(download);
        slowFile.AssertWhole(download);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        // The upstream that no reload touched kept its connections: at rest on each reactor, one for the download, and the health of its counters.
        Assert.InRange(still.Accepted, 1, 8 + 2 + Environment.ProcessorCount);

        SlowDownload Begin(string target) => new(served, target);

        string Configuration(int i)
        {
            served.Folder.Write($"listener-{i % 2}.yaml", $"listen: [\"127.0.0.1:{ports[i % 2]}\"]\n");
            return $$$"""
                include: listener-{{{i % 2}}}.yaml
                sites:
                  - routes:
                      - {match: /body, respond: "body {{{i}}}"}
                      - {match: /route-{{{i}}}, respond: "only now"}
                      - {match: /moving/*, proxy: {to: ["{{{(i % 2 == 0 ? even : odd).Address}}}"]}}
                      - {match: /still/*, proxy: {to: ["{{{still.Address}}}"]}}
                      - {match: /socket/*, proxy: {to: ["{{{sockets.Address}}}"]}}
                      - {match: /files/*, files: {root: public, strip: /files}}
                """;
        }

        static string? Check(RawResponse answer) => answer.Status == 200 && (answer.Text is "still" or "even" or "odd" or "small" || answer.Text.StartsWith("body ", StringComparison.Ordinal))
            ? null
            : answer.Text;
    }

    [Fact]
    public void Hangups_under_load_reload_too()
    {
        using var served = Served.Start(Fixed(0));
        using var load = new Load(served.Port, ["/"], answer => answer.Status == 200 ? null : answer.Text, clients: 4);
        for (var i = 1; i <= 10; i++)
        {
            served.Rewrite(Fixed(i));
            served.Process.Signal(PosixSignal.Hup);
            Served.Eventually(() => served.Get("/").Text == $"body {i}", $"configuration {i} is in force");
        }
        load.AssertNoFault();

        static string Fixed(int i) => $"sites: [{{routes: [{{match: /*, respond: \"body {i}\"}}]}}]";
    }

    [Fact]
    public void Reloads_leave_no_descriptor_behind()
    {
        using var upstream = ScriptedUpstream.Answering(_ => Answer.Ok("x"));
        using var served = Served.Start(Changing(0), folder => folder.Write("public/a.bin", Noise.Bytes(40_000)));
        for (var i = 1; i < 5; i++) Use(i);
        var before = served.OpenDescriptors;
        for (var i = 5; i < 25; i++) Use(i);
        Served.Eventually(() => served.OpenDescriptors <= before + 4, $"descriptors stay at {before}; found {served.OpenDescriptors}");

        void Use(int i)
        {
            served.Reload(Changing(i));
            Assert.Equal("x", served.Get("/").Text);
            Assert.Equal(200, served.Get("/files/a.bin").Status);
        }

        string Changing(int i) => $$$"""
            sites:
              - routes:
                  - {match: /files/*, files: {root: public, strip: /files, index: [index-{{{i}}}.html]}}
                  - {match: /*, proxy: {to: ["{{{upstream.Address}}}"], timeouts: {idle: {{{i + 10}}}s} }}
            """;
    }

    // Takes a part of a large body now and then.
    private sealed class SlowDownload : IDisposable
    {
        private readonly RawClient _client;
        private readonly MemoryStream _got = new();

        public SlowDownload(Served served, string target)
        {
            _client = served.Connect();
            _client.Send(Served.Head("GET", target));
            _client.ReadThrough("\r\n\r\n"u8);
        }

        public void Advance() => _got.Write(_client.Read(150_000));

        public void AssertWhole(byte[] expected)
        {
            _got.Write(_client.Read(expected.Length - (int)_got.Length));
            Noise.AssertSame(expected, _got.ToArray());
        }

        public void Dispose() => _client.Dispose();
    }
}
