using System.Text.Json;

namespace Gatehouse.Protocols.Tests.Http1.Corpora;

/// <summary>llhttp's cases for its strict mode: the same messages, or refused, whole and in every way of splitting.</summary>
public sealed class LlhttpCasesTests
{
    /// <summary>Accepted by llhttp and refused here, each with the sentence that allows or asks for it.</summary>
    private static readonly Dictionary<string, string> RefusedHere = new()
    {
        ["request-connection-005"] = "RFC 9112 2.2: at least one empty line before a request line is ignored; here exactly one, not two",
        ["request-method-004"] = "RFC 9110 9.3.6: a CONNECT request does not have content",
        ["request-method-013"] = "RFC 9112 2.3: HTTP-version starts with HTTP/; this is RTSP",
        ["request-method-014"] = "RFC 9112 2.3, as request-method-013",
        ["request-method-015"] = "RFC 9112 3.2.4: the asterisk-form is only used for OPTIONS",
        ["request-sample-010"] = "RFC 9112 3: a request-line has an HTTP-version; HTTP/0.9 is not spoken",
        ["request-transfer-encoding-020"] = "RFC 9112 6.1: a server that receives a transfer coding it does not understand should respond with 501",
        ["request-transfer-encoding-021"] = "RFC 9112 6.1, as 020",
        ["request-uri-010"] = "RFC 9110 4.2.4: userinfo in an http URI should be treated as an error",
        ["response-connection-017"] = "RFC 9112 2.2: an empty line before the start line is ignored by servers only",
        ["response-pipelining-001"] = "RFC 9112 2.2, as response-connection-017",
        ["response-sample-002"] = "RFC 9112 2.3: HTTP-version starts with HTTP/; this is RTSP",
        ["response-transfer-encoding-002"] = "RFC 9112 7.1: chunked is the final coding; 6.1: a server must not send one that the client did not ask for",
    };

    /// <summary>Refused by llhttp and accepted here.</summary>
    private static readonly Dictionary<string, string> AcceptedHere = new();

    private static IEnumerable<CorpusCase> Strict(string type) => CorpusCase.In("llhttp-cases").Where(test =>
        CorpusCase.Text(test.Json, "type") == type
        && test.Json.GetProperty("flags") is var flags
        && flags.GetProperty("lenient").ValueKind == JsonValueKind.Null
        && flags.GetProperty("pause").ValueKind == JsonValueKind.Null
        && !flags.GetProperty("skip_body").GetBoolean());

    [Fact]
    public void Requests_are_understood_or_refused()
    {
        foreach (var test in Strict("request"))
            Check(test, CorpusCase.WithHost(test.Base64("input_base64")), wire => Wire.Requests(wire));
    }

    [Fact]
    public void Responses_are_understood_or_refused()
    {
        foreach (var test in Strict("response"))
            Check(test, test.Base64("input_base64"), wire => Wire.Responses(wire, null));
    }

    private static void Check(CorpusCase test, byte[] wire, Func<byte[], MessageReader> read)
    {
        var result = read(wire);
        var derived = test.Json.GetProperty("derived");
        var fault = derived.GetProperty("error") is { ValueKind: JsonValueKind.Object } error ? CorpusCase.Text(error, "name") : null;
        if (RefusedHere.TryGetValue(test.Name, out var sentence))
        {
            Assert.True(result.Error is not null, $"{test.Name} is accepted now, against: {sentence}");
        }
        else if (derived.GetProperty("accepted").GetBoolean() || fault == "CLOSED_CONNECTION")
        {
            // Bytes behind a message that ends the connection are an error for llhttp, and are left unread here.
            Same(test, derived, result, isPaused: fault is not null);
        }
        else if (AcceptedHere.TryGetValue(test.Name, out sentence))
        {
            Assert.True(result.Error is null, $"{test.Name} is refused now, though: {sentence}");
        }
        else
        {
            // A line is judged here when it is complete; llhttp may judge earlier.
            var verdict = result.Error ?? read([.. wire, .. "\r\n\r\n"u8]).Error;
            Assert.True(verdict is not null, $"{test.Name} ({fault}) is accepted:\n{result.Describe()}");
        }
    }

    private static void Same(CorpusCase test, JsonElement derived, MessageReader result, bool isPaused)
    {
        var expected = derived.GetProperty("messages").EnumerateArray().Where(message => message.GetProperty("headers_complete").GetBoolean()).ToList();
        // llhttp stops at an upgrade; here the driver decides, and the reference driver goes on.
        Assert.True(isPaused || result.Error is null, $"{test.Name}: {result.Error}");
        Assert.True(isPaused ? expected.Count <= result.Messages.Count : expected.Count == result.Messages.Count, $"{test.Name}:\n{result.Describe()}");
        foreach (var (message, actual) in expected.Zip(result.Messages))
        {
            var line = message.TryGetProperty("method", out var method)
                ? $"{method} {CorpusCase.Escape(CorpusCase.Text(message, "url"))} HTTP/{CorpusCase.Text(message, "version")}"
                : $"HTTP/{CorpusCase.Text(message, "version")} {CorpusCase.Text(message.GetProperty("headers_complete_info"), "status")} ";
            Assert.StartsWith(line, actual.Line, StringComparison.Ordinal);
            Assert.Equal(CorpusCase.Pairs(message, "headers"), actual.Fields.Where(field => field != CorpusCase.AddedHost));
            // The log that the case was made from has no line ends inside bodies.
            Assert.Equal(CorpusCase.Body(message), actual.Body.ToArray().Where(value => value is not ((byte)'\r' or (byte)'\n')));
            Assert.Equal(CorpusCase.Pairs(message, "trailers"), actual.Trailers);
        }
    }
}
