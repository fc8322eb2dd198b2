using System.Text;
using Gatehouse.Http.Server.Tests.Support;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Http.Server.Tests;

/// <summary>
/// Heads and bodies around the size of a buffer, cut anywhere, behind other requests: the input moves within its buffer, or into a larger one with and without
/// moving in it. What is looked at afterwards must not lie in a buffer that was given back, which others have written to by then.
/// </summary>
public sealed class GrowingInputTests
{
    private static readonly byte[] Body = ExchangeExtensions.Pattern(15_000);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300)]
    public void A_head_is_whole_wherever_its_bytes_came_to_lie(int requestsBefore)
    {
        var fault = "no request came";
        var size = 0;
        using var server = new TestServer("memory", exchange => exchange.Path() == "/" ? exchange.SendText("small") : CheckAsync(exchange, size, found => fault = found));
        var before = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("GET / HTTP/1.1\r\nHost: a\r\n\r\n", requestsBefore)));
        foreach (var head in new[] { 2000, 14_000, 14_335, 14_336, 14_337, 16_383, 16_384, 16_385, 20_000, 31_000 })
        {
            size = head;
            byte[] wire = [.. Head(head), .. Chunks()];
            foreach (var cut in new[] { 1, 1000, head / 2, head - 1, head, head + 1, head + 6000 })
            {
                fault = "no request came";
                var transport = new ScriptedTransport(server.Reactor, [(byte[])[.. before, .. wire.AsSpan(0, cut)], wire.AsMemory(cut)]);
                server.OnReactor(() =>
                {
                    transport.Play(server.Http);
                    return true;
                });
                var answers = Encoding.ASCII.GetString(transport.Written).Split("HTTP/1.1 200 OK").Length - 1;
                Assert.True(fault == "" && answers == requestsBefore + 1, $"head of {head} bytes, cut at {cut}: {fault}; {answers} answers");
            }
            var pieces = wire.Chunk(1000).Select(piece => (ReadOnlyMemory<byte>)piece).ToArray();
            var slow = new ScriptedTransport(server.Reactor, [before, .. pieces]);
            server.OnReactor(() =>
            {
                slow.Play(server.Http);
                return true;
            });
            Assert.True(fault == "", $"head of {head} bytes in pieces: {fault}");
        }
    }

    private static async ValueTask CheckAsync(Exchange exchange, int size, Action<string> told)
    {
        Scribble();
        var fault = Look(exchange, size);
        var body = new MemoryStream();
        var buffer = new byte[700];
        int count;
        while ((count = await exchange.ReadAsync(buffer)) > 0)
        {
            body.Write(buffer, 0, count);
            Scribble();
        }
        fault += Look(exchange, size);
        if (!body.ToArray().AsSpan().SequenceEqual(Body))
            fault += $" body of {body.Length} bytes";
        Scribble();
        if (exchange.Request.Trailers is not { } trailers || !trailers.TryGet("X-Behind"u8, out var behind) || !behind.SequenceEqual("trailer"u8))
            fault += " trailer";
        told(fault);
        await exchange.SendText("big");
    }

    private static string Look(Exchange exchange, int size)
    {
        var headers = exchange.Request.Headers;
        var fault = exchange.Path() == "/big" ? "" : " path";
        for (var i = 0; i < 3; i++)
        {
            if (!headers.TryGet(Encoding.ASCII.GetBytes($"X-{i}"), out var value) || Encoding.ASCII.GetString(value) != Value(size, i))
                fault += $" field {i}";
        }
        return fault;
    }

    // What other connections of the reactor do meanwhile with buffers that are free.
    private static void Scribble()
    {
        var pool = Reactor.Current!.Buffers;
        byte[][] rented = [pool.Rent(), pool.Rent(), pool.Rent(), pool.RentLarge(), pool.RentLarge()];
        foreach (var buffer in rented)
        {
            buffer.AsSpan().Fill(0xEE);
            pool.Return(buffer);
        }
    }

    private static string Value(int size, int field) => new((char)('a' + field), (size / 3) - (field == 2 ? 0 : 50));

    // A head of exactly that size.
    private static byte[] Head(int size)
    {
        const string Start = "POST /big HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n";
        var fields = string.Concat(Enumerable.Range(0, 3).Select(i => $"X-{i}: {Value(size, i)}\r\n"));
        var rest = size - Start.Length - fields.Length - "F: \r\n\r\n".Length;
        Assert.True(rest >= 0, $"{rest} bytes are left");
        var head = Encoding.ASCII.GetBytes($"{Start}{fields}F: {new string('f', rest)}\r\n\r\n");
        Assert.Equal(size, head.Length);
        return head;
    }

    private static byte[] Chunks() =>
        [.. Body.Chunk(5000).SelectMany(chunk => (byte[])[.. "1388\r\n"u8, .. chunk, .. "\r\n"u8]), .. "0\r\nX-Behind: trailer\r\n\r\n"u8];
}
