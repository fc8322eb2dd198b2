using System.Globalization;
using System.Text;
using Gatehouse.Testing.Http1Cases;

namespace Gatehouse.Http.Server.Tests.Corpora;

/// <summary>
/// Desync payloads through the whole driver: refused, or one framing, which is that of the plainest reading; never more answers than requests.
/// </summary>
public sealed class SmugglingTests
{
    [Fact]
    public void Http_garden_payloads_are_refused_or_have_one_framing()
    {
        using var reader = new Reader();
        foreach (var test in CorpusCase.In("smuggling/http-garden"))
        {
            foreach (var payload in test.Json.GetProperty("payloads").EnumerateArray())
            {
                var wire = payload.GetProperty("base64").GetBytesFromBase64();
                // The preface of HTTP/2 is understood here, and is no request.
                if (!wire.AsSpan().StartsWith("PRI * HTTP/2.0"u8))
                    Check(reader, test.Name, wire);
            }
        }
    }

    [Fact]
    public void Portswigger_payloads_are_refused_or_have_one_framing()
    {
        using var reader = new Reader();
        foreach (var test in CorpusCase.In("smuggling/portswigger"))
        {
            var answers = Check(reader, test.Name, test.Base64("request_base64"));
            if (CorpusCase.Text(test.Json, "converter_says_rfc_legal") == "True")
                Assert.True(answers[0].IsUnderstood && answers[0].Body.AsSpan().SequenceEqual("x=y"u8), $"{test.Name} is legal: {string.Join('\n', answers)}");
        }
    }

    private static IReadOnlyList<Answer> Check(Reader reader, string name, byte[] wire)
    {
        var answers = reader.Read(name, wire);
        var rest = wire.AsSpan();
        var ended = false;
        foreach (var answer in answers)
        {
            Assert.False(ended, $"{name}: an answer behind a refusal:\n{string.Join('\n', answers)}");
            ended = !answer.IsUnderstood;
            if (ended || answer.Text.Length == 0)
                continue;
            var headEnd = rest.IndexOf("\r\n\r\n"u8) + 4;
            Assert.True(headEnd > 3, $"{name}: more answers than requests:\n{string.Join('\n', answers)}");
            var framing = PlainReading.FramingOf(rest[..headEnd]);
            Assert.True(framing is not null, $"{name} is accepted with a framing that is not plain:\n{answer.Text}");
            var body = answer.Body;
            if (framing == "chunked")
            {
                rest = rest[(headEnd + ChunkedLength(rest[headEnd..]))..];
                continue;
            }
            var length = framing == "no body" ? 0 : int.Parse(framing.AsSpan("body of ".Length), CultureInfo.InvariantCulture);
            Assert.True(rest.Slice(headEnd, length).SequenceEqual(body), $"{name} has '{framing}' and was read as:\n{answer.Text}");
            rest = rest[(headEnd + length)..];
        }
        return answers;
    }

    // Bytes of a chunked body that was accepted, by the plainest reading: lines end with CR LF, and so does each chunk.
    private static int ChunkedLength(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (true)
        {
            var line = Encoding.Latin1.GetString(bytes.Slice(at, bytes[at..].IndexOf("\r\n"u8)));
            var size = int.Parse(line.Split(';')[0].TrimEnd(' ', '\t'), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            at += line.Length + 2;
            if (size == 0)
                break;
            at += size + 2;
        }
        int length;
        do
        {
            length = bytes[at..].IndexOf("\r\n"u8);
            at += length + 2;
        }
        while (length > 0);
        return at;
    }
}
