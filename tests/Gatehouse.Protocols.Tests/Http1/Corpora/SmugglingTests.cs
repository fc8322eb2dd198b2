using System.Text;

namespace Gatehouse.Protocols.Tests.Http1.Corpora;

/// <summary>
/// Desync payloads: each is refused, or has one framing. Which one is found by the plainest reading there is: exact names, exact values. Names that only look
/// like Content-Length or Transfer-Encoding (an underscore, a percent-encoded letter) are other fields (RFC 9110 section 5.1), and have no effect.
/// </summary>
public sealed class SmugglingTests
{
    [Fact]
    public void Http_garden_payloads_are_refused_or_have_one_framing()
    {
        foreach (var test in CorpusCase.In("smuggling/http-garden"))
        {
            foreach (var payload in test.Json.GetProperty("payloads").EnumerateArray())
                Check(test.Name, payload.GetProperty("base64").GetBytesFromBase64());
        }
    }

    [Fact]
    public void Portswigger_payloads_are_refused_or_have_one_framing()
    {
        foreach (var test in CorpusCase.In("smuggling/portswigger"))
        {
            var read = Check(test.Name, test.Base64("request_base64"));
            if (CorpusCase.Text(test.Json, "converter_says_rfc_legal") == "True")
                Assert.True(read.Error is null && read.Messages[0].Body.ToArray().AsSpan().SequenceEqual("x=y"u8), $"{test.Name} is legal: {read.Describe()}");
        }
    }

    private static MessageReader Check(string name, byte[] wire)
    {
        var read = Wire.Requests(wire);
        var rest = wire.AsSpan();
        foreach (var message in read.Messages)
        {
            var headEnd = rest.IndexOf("\r\n\r\n"u8) + 4;
            var framing = PlainReading(rest[..headEnd]);
            Assert.True(framing is not null, $"{name} is accepted with a framing that is not plain:\n{read.Describe()}");
            Assert.True(message.Framing.Contains(framing, StringComparison.Ordinal), $"{name} has '{framing}':\n{read.Describe()}");
            if (!message.IsComplete || framing == "chunked")
                break;
            rest = rest[(headEnd + (int)message.Body.Length)..];
        }
        return read;
    }

    /// <summary>The framing of a head by at most one exact Content-Length or Transfer-Encoding; null when there is more, or another value.</summary>
    private static string? PlainReading(ReadOnlySpan<byte> head)
    {
        var lines = Encoding.Latin1.GetString(head[..^4]).Split("\r\n")[1..];
        if (lines.Any(line => line.Any(c => c is < ' ' and not '\t') || !line.Contains(':', StringComparison.Ordinal)))
            return null;
        var framing = lines.Select(line => line.Split(':', 2)).Where(field => field[0].ToUpperInvariant() is "CONTENT-LENGTH" or "TRANSFER-ENCODING").ToList();
        if (framing.Count == 0)
            return "no body";
        var value = framing[0][1].Trim(' ', '\t');
        if (framing.Count > 1)
            return null;
        if (framing[0][0].Length == "Content-Length".Length)
            return value.Length > 0 && value.All(char.IsAsciiDigit) ? long.Parse(value, null) is var length and > 0 ? $"body of {length}" : "no body" : null;
        return value.Equals("chunked", StringComparison.OrdinalIgnoreCase) ? "chunked" : null;
    }
}
