using Gatehouse.Testing.Http1Cases;

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
            var framing = PlainReading.FramingOf(rest[..headEnd]);
            Assert.True(framing is not null, $"{name} is accepted with a framing that is not plain:\n{read.Describe()}");
            Assert.True(message.Framing.Contains(framing, StringComparison.Ordinal), $"{name} has '{framing}':\n{read.Describe()}");
            if (!message.IsComplete || framing == "chunked")
                break;
            rest = rest[(headEnd + (int)message.Body.Length)..];
        }
        return read;
    }
}
