using System.Diagnostics;
using Gatehouse.Testing;

namespace Gatehouse.Host.Tests;

/// <summary>SIGTERM and SIGINT drain; a second one, or the end of the time for it, cuts off.</summary>
public sealed class StoppingTests
{
    private const int Size = 24 << 20;
    private const string Files = "sites: [{routes: [{match: /*, files: {root: public}}]}]";

    [Theory]
    [InlineData(PosixSignal.Term)]
    [InlineData(PosixSignal.Int)]
    public void A_download_under_way_ends_and_nobody_new_is_let_in(PosixSignal signal)
    {
        using var running = new Running(Files);
        var content = Write(running);
        using var slow = Begin(running);
        using var idle = running.Connect();
        idle.Send("GET /none HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal(404, idle.ReadResponse().Status);

        running.Process.Signal(signal);
        Running.Eventually(() => !Running.Accepts(running.Port), "new connections are refused");
        Assert.True(idle.IsAtEnd());
        Assert.False(running.Process.HasExited);
        Assert.Equal(content, slow.Read(Size));
        Assert.True(slow.IsAtEnd());
        running.Process.WaitForExit(Running.Patience).Expect(0);
        Assert.Contains("stopped", running.Process.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_on_a_kept_connection_that_arrives_with_the_signal_is_answered_and_closed()
    {
        using var running = new Running(Running.Fixed("x"));
        using var client = running.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HT");
        Assert.Equal("x", client.ReadResponse().Text);
        running.Process.Signal(PosixSignal.Term);
        Running.Eventually(() => !Running.Accepts(running.Port), "new connections are refused");
        // The reactors hear of it in their next turn.
        Thread.Sleep(300);
        client.Send("TP/1.1\r\nHost: a\r\n\r\n");
        var last = client.ReadResponse();
        Assert.Equal(("x", "close"), (last.Text, last["Connection"]));
        Assert.True(client.IsAtEnd());
        running.Process.WaitForExit(Running.Patience).Expect(0);
    }

    [Fact]
    public void A_second_signal_cuts_off()
    {
        using var running = new Running(Files);
        Write(running);
        using var slow = Begin(running);
        running.Process.Signal(PosixSignal.Term);
        Running.Eventually(() => !Running.Accepts(running.Port), "new connections are refused");
        var clock = Stopwatch.StartNew();
        running.Process.Signal(PosixSignal.Term);
        running.Process.WaitForExit(Running.Patience);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
        Assert.InRange(slow.ReadToEnd(allowReset: true).Length, 0, Size - 1);
    }

    [Fact]
    public void The_time_for_it_is_a_setting()
    {
        using var running = new Running($"shutdown: 1s\n{Files}");
        Write(running);
        using var slow = Begin(running);
        var clock = Stopwatch.StartNew();
        running.Process.Signal(PosixSignal.Term);
        running.Process.WaitForExit(Running.Patience).Expect(0);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.9, 20);
        Assert.Contains("cut off", running.Process.Error, StringComparison.Ordinal);
    }

    private static byte[] Write(Running running)
    {
        var content = new byte[Size];
        new Random(1).NextBytes(content);
        running.Folder.Write("public/large", content);
        return content;
    }

    // Takes the head and leaves the rest to wait: more than the kernel keeps for a connection (tcp_wmem and tcp_rmem).
    private static RawClient Begin(Running running)
    {
        var client = running.Connect();
        client.Send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
        client.ReadThrough("\r\n\r\n"u8);
        return client;
    }
}
