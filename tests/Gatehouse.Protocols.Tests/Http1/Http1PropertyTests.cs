using CsCheck;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Http1;
using Gatehouse.Testing;

namespace Gatehouse.Protocols.Tests.Http1;

public sealed class Http1PropertyTests
{
    private const string TokenBytes = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    // Pieces of which messages are made, right and wrong, so that random sequences get deep into the parsers.
    private static readonly string[] Parts =
    [
        "GET / HTTP/1.1\r\n", "GET / HTTP/1.0\r\n", "POST /a?b=c HTTP/1.1\r\n", "GET http://a/ HTTP/1.0\r\n",
        "CONNECT a:1 HTTP/1.1\r\n", "OPTIONS * HTTP/1.1\r\n", "PRI * HTTP/2.0\r\n",
        "HTTP/1.1 200 OK\r\n", "HTTP/1.1 204 \r\n", "HTTP/1.1 101 x\r\n", "HTTP/1.0 200\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
        "Host: a\r\n", "Content-Length: 3\r\n", "Content-Length: 0\r\n", "Transfer-Encoding: chunked\r\n",
        "Connection: close\r\n", "Connection: keep-alive, upgrade\r\n",
        "Upgrade: x\r\n", "Expect: 100-continue\r\n", "X: y\r\n", "X : y\r\n", " folded\r\n", "\r\n", "\r\n\r\n",
        "\r", "\n", " ", "\t", ":", ",", ";", "\"", "\\", "\0", "\u00e9",
        "3\r\nabc\r\n", "0\r\n\r\n", "0\r\nX: y\r\n\r\n", "1;a=b\r\nx\r\n", "1;a=\"b\"\r\nx\r\n", "abc", "ffffffffffffffff\r\n", "GET", "HTTP/1.1",
    ];

    private static readonly Gen<byte[]> Messages = Gen.OneOf(
        Gen.Int[0, Parts.Length - 1].Select(i => Parts[i]).Array[1, 12].Select(parts => Wire.Bytes(string.Concat(parts))),
        Gen.Byte.Array[0, 300],
        Gen.Select(Gen.Int[0, Parts.Length - 1].Select(i => Parts[i]).Array[1, 12], Gen.Int[0, 200], Gen.Byte, (parts, at, value) =>
        {
            var wire = Wire.Bytes("GET / HTTP/1.1\r\nHost: a\r\n" + string.Concat(parts));
            wire[at % wire.Length] = value;
            return wire;
        }));

    private static readonly Http1Limits Small = new() { HeadBytes = 120, TargetBytes = 20, Fields = 3, ChunkExtensionBytes = 6, TrailerBytes = 12 };

    private static readonly Gen<string> Token = Gen.String[Gen.Int[0, TokenBytes.Length - 1].Select(i => TokenBytes[i]), 1, 40];

    private static readonly Gen<string> Value =
        Gen.String[Gen.OneOf(Gen.Char[' ', '~'], Gen.Char['\u0080', '\u00ff'], Gen.Const('\t')), 0, 80].Select(text => text.Trim(' ', '\t'));

    [Fact]
    public void Requests_are_the_same_however_they_are_split() =>
        Gen.Select(Messages, Gen.Int).Sample((wire, seed) => SameInEverySplit(wire, seed, pieces => MessageReader.Requests(pieces)), iter: 3000);

    [Fact]
    public void Responses_are_the_same_however_they_are_split() =>
        Gen.Select(Messages, Gen.Int).Sample((wire, seed) => SameInEverySplit(wire, seed, pieces => MessageReader.Responses(pieces)), iter: 3000);

    [Fact]
    public void Limits_fall_on_the_same_byte_however_requests_are_split() =>
        Gen.Select(Messages, Gen.Int).Sample((wire, seed) => SameInEverySplit(wire, seed, pieces => MessageReader.Requests(pieces, Small)), iter: 3000);

    [Fact]
    public void What_is_written_is_read_back()
    {
        var fields = Gen.Select(Token.Where(name => KnownHeaders.Find(Wire.Bytes(name)) == KnownHeader.None), Value).Array[0, 20];
        var methods = Token.Where(name => name.Length <= 32 && name != "CONNECT");
        Gen.Select(methods, fields, Gen.Byte.Array[0, 100], Gen.Int[1, 40]).Sample((method, written, body, chunk) =>
        {
            var wire = WriteRequest(method, written, body, chunk);
            var read = MessageReader.Requests(Splits.Whole(wire));

            Assert.Null(read.Error);
            var message = Assert.Single(read.Messages);
            Assert.True(message.IsComplete);
            Assert.Equal($"{Message.Escape(Wire.Bytes(method))} /p?q HTTP/1.1", message.Line);
            Assert.Equal(written.Select(field => (field.Item1, Message.Escape(Wire.Bytes(field.Item2)))), message.Fields.Skip(2));
            Assert.Equal(body, message.Body.ToArray());
            Assert.Equal([("X-End", "1")], message.Trailers);
        });
    }

    private static byte[] WriteRequest(string method, (string Name, string Value)[] fields, byte[] body, int chunk)
    {
        var to = new byte[8192];
        var at = 0;
        var fits = Http1Writer.TryRequestLine(to, ref at, Wire.Bytes(method), "/p?q"u8) && Http1Writer.TryField(to, ref at, KnownHeader.Host, "a"u8)
            && Http1Writer.TryField(to, ref at, KnownHeader.TransferEncoding, "chunked"u8);
        foreach (var (name, value) in fields)
            fits &= Http1Writer.TryField(to, ref at, Wire.Bytes(name), Wire.Bytes(value));
        fits &= Http1Writer.TryEnd(to, ref at);
        foreach (var data in body.Chunk(chunk))
        {
            fits &= Http1Writer.TryChunkHead(to, ref at, data.Length) && Http1Writer.TryBytes(to, ref at, data)
                && Http1Writer.TryBytes(to, ref at, Http1Writer.LineEnd);
        }
        fits &= Http1Writer.TryBytes(to, ref at, Http1Writer.LastChunkHead) && Http1Writer.TryField(to, ref at, "X-End"u8, "1"u8)
            && Http1Writer.TryEnd(to, ref at);
        Assert.True(fits);
        return to[..at];
    }

    private static void SameInEverySplit(byte[] wire, int seed, Func<IReadOnlyList<ReadOnlyMemory<byte>>, MessageReader> read)
    {
        var whole = read(Splits.Whole(wire)).Describe();
        foreach (var pieces in Splits.Of(wire, random: 3, seed))
        {
            var split = read(pieces).Describe();
            if (split != whole)
                Assert.Fail($"{Message.Escape(wire)}\nwhole:\n{whole}\nin pieces of {string.Join(',', pieces.Select(piece => piece.Length))}:\n{split}");
        }
    }
}
