using System.Diagnostics;
using Gatehouse.Http.Server.Tests.Support;

namespace Gatehouse.Http.Server.Tests.Http2;

/// <summary>
/// Clients that make work and have none done (RFC 9113 section 10.5): each is sent away with ENHANCE_YOUR_CALM, long before it has had 200,000 frames, and
/// with bounded memory and time.
/// </summary>
public sealed class FloodTests
{
    private const uint Calm = 11;
    private const int Frames = 200_000;

    [Fact]
    public void Pings() => IsSentAway(_ => Http2Client.Bytes(Http2Client.Ping, 0, 0, new byte[8]));

    [Fact]
    public void Settings() => IsSentAway(i => Http2Client.Bytes(Http2Client.Settings, 0, 0, Http2Client.SettingBytes((4, (uint)(60_000 + (i % 2))))));

    [Fact]
    public void Acknowledgements() => IsSentAway(_ => Http2Client.Bytes(Http2Client.Settings, 1, 0, []));

    [Fact]
    public void Priorities() => IsSentAway(i => Http2Client.Bytes(Http2Client.Priority, 0, (i * 2) + 1, [0, 0, 0, 0, 1]));

    [Fact]
    public void Priority_updates() => IsSentAway(i => Http2Client.Bytes(0x10, 0, 0, [0, 0, 0, 1, .. "u=1"u8]));

    [Fact]
    public void Window_updates() => IsSentAway(_ => Http2Client.Bytes(Http2Client.WindowUpdate, 0, 0, Http2Client.Word(1)));

    [Fact]
    public void Unknown_frames() => IsSentAway(_ => Http2Client.Bytes(0x42, 0, 0, []));

    [Fact]
    public void Empty_data() => IsSentAway(i => i == 0 ? Http2Client.Request(1, "/wait", "POST", ends: false) : Http2Client.Bytes(Http2Client.Data, 0, 1, []));

    [Fact]
    public void Padding_only() => IsSentAway(i => i == 0 ? Http2Client.Request(1, "/wait", "POST", ends: false) : Http2Client.Bytes(Http2Client.Data, 8, 1, [3, 0, 0, 0]));

    [Fact]
    public void Continuations() => IsSentAway(i => i == 0 ? Http2Client.Bytes(Http2Client.Headers, 0, 1, []) : Http2Client.Bytes(Http2Client.Continuation, 0, 1, []));

    [Fact]
    public void Large_continuations() =>
        IsSentAway(i => i == 0 ? Http2Client.Bytes(Http2Client.Headers, 0, 1, []) : Http2Client.Bytes(Http2Client.Continuation, 0, 1, new byte[16_384]), 1000);

    [Fact]
    public void Rapid_resets() => IsSentAway(i =>
        [.. Http2Client.Request((2 * i) + 1, "/wait"), .. Http2Client.Bytes(Http2Client.RstStream, 0, (2 * i) + 1, Http2Client.Word(8))]);

    [Fact]
    public void Requests_beyond_the_limit() => IsSentAway(i => Http2Client.Request((2 * i) + 1, "/wait"));

    [Fact]
    public void Requests_that_make_this_side_reset_them() => IsSentAway(i =>
        [.. Http2Client.Request((2 * i) + 1, "/wait", "POST", ends: false), .. Http2Client.Bytes(Http2Client.WindowUpdate, 0, (2 * i) + 1, Http2Client.Word(0))]);

    [Fact]
    public void Malformed_requests() => IsSentAway(i => Http2Client.Request((2 * i) + 1, "/", fields: "connection=close"));

    [Fact]
    public void A_field_block_that_expands() => IsSentAway(i => i == 0
        ? Http2Client.Bytes(Http2Client.Headers, 5, 1, [0x40, 1, (byte)'x', 0x7F, 0xA1, 0x1E, .. Enumerable.Repeat((byte)'a', 4000)])
        : Http2Client.Bytes(Http2Client.Headers, 5, (2 * i) + 1, [.. Enumerable.Repeat((byte)0xBE, 16_000)]), 1000);

    [Fact]
    public void A_client_that_reads_no_answer_to_its_pings_holds_no_memory()
    {
        using var server = new TestServer("tcp", Handle, new ServerLimits { WriteTime = TimeSpan.FromSeconds(1) });
        using var wire = server.Connect();
        _ = new Http2Client(wire);
        wire.Socket.ReceiveBufferSize = 4096;
        var ping = Http2Client.Bytes(Http2Client.Ping, 0, 0, new byte[8]);
        var many = Enumerable.Repeat(ping, 1000).SelectMany(bytes => bytes).ToArray();
        try
        {
            for (var i = 0; i < Frames / 1000; i++)
                wire.Send(many);
        }
        catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException or TimeoutException)
        {
        }
        server.WaitForConnections(0);
    }

    private static void IsSentAway(Func<int, byte[]> frame, int count = Frames)
    {
        using var server = new TestServer("tcp", Handle);
        var client = new Http2Client(server.Connect());
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var started = server.OnReactor(() => GC.GetAllocatedBytesForCurrentThread());
        var watch = Stopwatch.StartNew();
        var sender = Task.Run(() =>
        {
            try
            {
                for (var i = 0; i < count; i += 50)
                    client.Wire.Send(Enumerable.Range(i, 50).SelectMany(frame).ToArray());
            }
            catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException or TimeoutException or ObjectDisposedException)
            {
                // Sent away.
            }
        }, TestContext.Current.CancellationToken);
        Assert.Equal(Calm, client.ReadToGoAway());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"It took {watch.Elapsed}.");
        client.Wire.Dispose();
        Eventually.Ends(sender);
        server.WaitForConnections(0);
        var allocated = server.OnReactor(() => GC.GetAllocatedBytesForCurrentThread()) - started;
        Assert.True(allocated < 32 << 20, $"The reactor allocated {allocated} bytes.");
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < 32 << 20, "Memory is held behind the attack.");
    }

    private static async ValueTask Handle(Exchange exchange)
    {
        if (exchange.Request.HasBody)
            await exchange.ReadBody();
        await Task.Delay(Timeout.Infinite, exchange.Aborted);
    }
}
