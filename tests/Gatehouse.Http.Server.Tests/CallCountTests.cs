using System.Text;
using Gatehouse.Http.Server.Tests.Support;

namespace Gatehouse.Http.Server.Tests;

/// <summary>What a request costs in calls of the transport: one read, one write.</summary>
public sealed class CallCountTests
{
    [Fact]
    public void Pipelined_answers_go_out_in_one_write()
    {
        using var server = new TestServer("memory", exchange => exchange.SendText("x"));
        var request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray();
        ReadOnlyMemory<byte> all = Enumerable.Repeat(request, 20).SelectMany(bytes => bytes).ToArray();
        var transport = new ScriptedTransport(server.Reactor, [all, request]);
        Assert.True(server.OnReactor(() =>
        {
            transport.Play(server.Http);
            return true;
        }));
        Assert.Equal(2, transport.Writes);
        Assert.Equal(21, Encoding.ASCII.GetString(transport.Written).Split("HTTP/1.1 200 OK").Length - 1);
        // Each piece, that nothing more is there, and the end.
        Assert.True(transport.Reads <= 5, $"{transport.Reads} reads for two pieces.");
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(4096, 1)]
    [InlineData(10_000, 1)]
    [InlineData(1_000_000, 1)]
    public void Head_and_body_go_out_in_one_write(int length, int writes)
    {
        var body = new byte[length];
        using var server = new TestServer("memory", exchange => exchange.SendAsync(body));
        var transport = new ScriptedTransport(server.Reactor, ["GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray()]);
        server.OnReactor(() =>
        {
            transport.Play(server.Http);
            return true;
        });
        Assert.Equal(writes, transport.Writes);
    }

    [Fact]
    public void A_late_answer_goes_out_in_one_write()
    {
        var go = new TaskCompletionSource();
        using var server = new TestServer("memory", async exchange =>
        {
            await go.Task;
            await exchange.SendText("late");
        });
        var transport = new ScriptedTransport(server.Reactor, ["GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray()]);
        var (before, after) = server.OnReactor(() =>
        {
            server.Http.Accept(transport);
            var before = transport.Writes;
            go.SetResult();
            var after = transport.Writes;
            transport.Events!.OnBroken(104);
            return (before, after);
        });
        Assert.Equal(0, before);
        Assert.Equal(1, after);
    }
}
