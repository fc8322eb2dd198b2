using System.Text;
using CsCheck;
using Gatehouse.Protocols.Cgi;
using Gatehouse.Protocols.Http1;
using Gatehouse.Testing;

namespace Gatehouse.Protocols.Tests.Cgi;

public sealed class CgiResponseParserTests
{
    [Theory]
    [InlineData("Content-Type: text/plain\n\nbody", "200  -1 [Content-Type: text/plain] body")]
    [InlineData("Content-Type: text/plain\r\n\r\nbody", "200  -1 [Content-Type: text/plain] body")]
    [InlineData("Status: 404 Not Found\nContent-Length: 003\n\nabc", "404 named 3 [] abc")]
    [InlineData("status:204\n\n", "204 named -1 [] ")]
    [InlineData("X : y \t\nX:\n\n", "200  -1 [X: y][X: ] ")]
    [InlineData("Location: http://a/b\n\n", "302  -1 [Location: http://a/b] ")]
    [InlineData("Location: //a/b\n\n", "302  -1 [Location: //a/b] ")]
    [InlineData("Location: /b?c\n\n", "302 local /b?c -1 [Location: /b?c] ")]
    [InlineData("Status: 302 Found\nLocation: /b\n\n", "302 named -1 [Location: /b] ")]
    [InlineData("Status: 201\nLocation: /b\n\n", "201 named -1 [Location: /b] ")]
    [InlineData("HTTP/1.1 203 Whatever\r\nX: y\r\n\r\nb", "203 named line -1 [X: y] b")]
    [InlineData("HTTP/1.0 200\n\nb", "200 named line -1 [] b")]
    [InlineData("X: caf\u00e9\n\n", "200  -1 [X: caf\u00e9] ")]
    public void Heads_that_scripts_send_are_read(string wire, string expected) => Assert.Equal(expected, Read(wire));

    [Theory]
    [InlineData("\n", "empty line")]
    [InlineData("\r\n", "empty line")]
    [InlineData("Hello, World!\n\n", "not 'name: value'")]
    [InlineData(": x\n\n", "not 'name: value'")]
    [InlineData("A: b\n c\n\n", "folded")]
    [InlineData("A: b\rc\n\n", "control character")]
    [InlineData("A: b\0\n\n", "control character")]
    [InlineData("Status: 99\n\n", "from 200 to 599")]
    [InlineData("Status: 100 Continue\n\n", "from 200 to 599")]
    [InlineData("Status: 600\n\n", "from 200 to 599")]
    [InlineData("Status: 2000\n\n", "from 200 to 599")]
    [InlineData("Status: OK\n\n", "from 200 to 599")]
    [InlineData("Status: 200\nStatus: 200\n\n", "second status")]
    [InlineData("HTTP/1.1 200 OK\nStatus: 200\n\n", "second status")]
    [InlineData("HTTP/1.1200 OK\n\n", "status line")]
    [InlineData("HTTP/1.1 x\n\n", "from 200 to 599")]
    [InlineData("Content-Length: 1\nContent-Length: 1\n\n", "second Content-Length")]
    [InlineData("Content-Length: -1\n\n", "not a number")]
    [InlineData("Content-Length: 1, 1\n\n", "not a number")]
    [InlineData("Content-Length:\n\n", "not a number")]
    [InlineData("Content-Length: 9999999999999999999\n\n", "not a number")]
    [InlineData("Transfer-Encoding: chunked\n\n", "Transfer-Encoding")]
    [InlineData("Location: /a\nLocation: /b\n\n", "second Location")]
    public void Others_are_refused(string wire, string why) => Assert.Contains(why, Read(wire), StringComparison.Ordinal);

    [Fact]
    public void Limits_hold_however_the_bytes_come()
    {
        Assert.Contains("larger than the 64 bytes", Read("A: " + new string('x', 80), headBytes: 64), StringComparison.Ordinal);
        Assert.Contains("larger than the 64 bytes", Read("A: " + new string('x', 80) + "\n\n", headBytes: 64), StringComparison.Ordinal);
        Assert.Contains("more than the 2 fields", Read("A: 1\nB: 2\nC: 3\n\n", fields: 2), StringComparison.Ordinal);
        Assert.Equal("more", Read("A: 1\nB: 2\n"));
    }

    [Fact]
    public void Random_bytes_have_one_verdict_and_no_exception()
    {
        string[] parts =
        [
            "Status: 200 OK\n", "Status: 302\r\n", "Location: /a\n", "Location: http://b/\n", "Content-Length: 3\n", "HTTP/1.1 200 OK\r\n", "A: b\n", " c\n",
            "\n", "\r\n", "\r", ":", " ", "x", "\0", "\u00e9",
        ];
        var wires = Gen.OneOf(Gen.Int[0, parts.Length - 1].Select(i => parts[i]).Array[0, 8].Select(chosen => Variables.Bytes(string.Concat(chosen))), Gen.Byte.Array[0, 100]);
        wires.Sample(wire => Read(wire), iter: 3000);
    }

    [Fact]
    public void Nothing_is_allocated_once_it_is_warm()
    {
        var wire = Variables.Bytes("Status: 200 OK\r\nContent-Type: text/html\r\nX-Powered-By: PHP\r\nContent-Length: 5\r\n\r\nhello");
        var parser = new CgiResponseParser();
        long Once()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            parser.Reset();
            var status = parser.Parse(wire, 0, 20, out _);
            status |= parser.Parse(wire, 0, wire.Length, out _);
            if (status != ParseStatus.Done) throw new InvalidOperationException(parser.Error);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Once();
        Assert.Equal(0, Once());
    }

    private static string Read(string wire, int headBytes = 1024, int fields = 100) => Read(Variables.Bytes(wire), headBytes, fields);

    private static string Read(byte[] wire, int headBytes = 1024, int fields = 100)
    {
        var whole = Verdict(Splits.Whole(wire), headBytes, fields);
        foreach (var pieces in Splits.Of(wire, random: 3))
            Assert.Equal(whole, Verdict(pieces, headBytes, fields));
        return whole;
    }

    private static string Verdict(IReadOnlyList<ReadOnlyMemory<byte>> pieces, int headBytes, int fields)
    {
        var parser = new CgiResponseParser(headBytes, fields);
        var all = pieces.Sum(piece => piece.Length);
        var moved = 0;
        foreach (var (buffer, start, end) in Splits.Growing(pieces))
        {
            // In a buffer of its own each time, as when a connection's bytes move.
            var copy = new byte[buffer.Length + ++moved];
            buffer.CopyTo(copy, moved);
            if (moved > 1)
                parser.Rebase(copy, 1);
            switch (parser.Parse(copy, start + moved, end + moved, out var headEnd))
            {
                case ParseStatus.Failed:
                    return parser.Error!;
                case ParseStatus.Done:
                    var text = new StringBuilder($"{parser.Status} {(parser.HasStatus ? "named " : "")}{(parser.HasStatusLine ? "line " : "")}");
                    if (parser.IsLocalRedirect)
                        text.Append($"local {Variables.Text(parser.LocationOf(copy))} ");
                    else if (!parser.HasStatus)
                        text.Append(' ');
                    text.Append($"{parser.ContentLength} ");
                    if (parser.Headers.Count == 0)
                        text.Append("[]");
                    for (var i = 0; i < parser.Headers.Count; i++)
                        text.Append($"[{Variables.Text(parser.Headers[i].Name)}: {Variables.Text(parser.Headers[i].Value)}]");
                    // What of the body has come is what the rest of the pieces continue.
                    var bodyStart = headEnd - start - moved;
                    return $"{text} {Variables.Text(pieces.SelectMany(piece => piece.ToArray()).ToArray().AsSpan(bodyStart, all - bodyStart))}";
            }
        }
        return "more";
    }
}
