using Gatehouse.Http.Client.Tests.Support;
using Gatehouse.Protocols;

namespace Gatehouse.Http.Client.Tests.Http1;

/// <summary>
/// Every way in which a response's body ends (RFC 9112 section 6.3), over each transport and in every split, and what becomes of the connection.
/// </summary>
public sealed class FramingTests
{
    private const string Trailered =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n5;x=\"y\"\r\ndefgh\r\n0\r\nX-Sum: 8\r\nX-More: b\r\n\r\n";

    /// <summary>What the server sends, then what is expected: status, body, trailers, whether the connection is kept, and the request's method.</summary>
    public static TheoryData<string, int, string, string, bool, Method> Cases => new()
    {
        { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", "", true, Method.Get },
        { "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "", "", true, Method.Get },
        { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello", 200, "hello", "", false, Method.Get },
        { Trailered, 200, "abcdefgh", "X-Sum: 8\nX-More: b\n", true, Method.Get },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, "", "", true, Method.Get },
        { "HTTP/1.1 200 OK\r\n\r\nuntil the end", 200, "until the end", "", false, Method.Get },
        { "HTTP/1.0 200 OK\r\n\r\nold", 200, "old", "", false, Method.Get },
        { "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nold", 200, "old", "", true, Method.Get },
        { "HTTP/1.1 204 No Content\r\n\r\n", 204, "", "", true, Method.Get },
        { "HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n", 304, "", "", true, Method.Get },
        { "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", 200, "", "", true, Method.Head },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 200, "", "", true, Method.Head },
        { "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok", "", true, Method.Get },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Body_ends_as_framed_over_tcp(string wire, int status, string body, string trailers, bool isKept, Method method) =>
        await Check("tcp", int.MaxValue, wire, status, body, trailers, isKept, method);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Body_ends_as_framed_however_it_is_split(string wire, int status, string body, string trailers, bool isKept, Method method)
    {
        for (var limit = 1; limit <= wire.Length; limit = limit < 8 ? limit + 1 : limit + 7)
            await Check("memory", limit, wire, status, body, trailers, isKept, method);
    }

    [Fact]
    public async Task Body_may_be_read_with_the_smallest_buffer()
    {
        await using var lab = new ConnectionLab("memory", side => AnswerAsync(side, Trailered));
        var answer = await lab.AskAsync(bufferSize: 1);
        Assert.Equal("abcdefgh", answer.Body);
        Assert.Equal(1, await lab.Reactor.Run(() => lab.Pool.IdleCount));
    }

    private static async Task Check(string kind, int limit, string wire, int status, string body, string trailers, bool isKept, Method method)
    {
        await using var lab = new ConnectionLab(kind, side => AnswerAsync(side, wire, stays: isKept)) { ReadLimit = limit };
        var answer = await lab.AskAsync(method: method);
        Assert.Equal((status, body, trailers), (answer.Status, answer.Body, answer.Trailers));
        Assert.Equal(wire.StartsWith("HTTP/1.1 103", StringComparison.Ordinal) ? "103" : "", answer.Interims);
        Assert.Equal(isKept ? 1 : 0, await lab.Reactor.Run(() => lab.Pool.IdleCount));
        Assert.Equal(isKept ? 1 : 0, await lab.Reactor.Run(() => lab.Pool.Count));
    }

    private static async Task AnswerAsync(ServerSide side, string wire, bool stays = true)
    {
        await side.ReadHeadAsync();
        await side.SendAsync(wire);
        if (stays)
            await side.ReadToEndAsync();
    }
}
