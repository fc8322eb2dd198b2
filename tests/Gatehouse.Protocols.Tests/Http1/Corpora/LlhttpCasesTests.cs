using System.Text.Json;
using Gatehouse.Testing.Http1Cases;

namespace Gatehouse.Protocols.Tests.Http1.Corpora;

/// <summary>llhttp's cases for its strict mode: the same messages, or refused, whole and in every way of splitting.</summary>
public sealed class LlhttpCasesTests
{
    [Fact]
    public void Requests_are_understood_or_refused()
    {
        foreach (var test in LlhttpCases.Strict("request"))
            Check(test, CorpusCase.WithHost(test.Base64("input_base64")), wire => Wire.Requests(wire));
    }

    [Fact]
    public void Responses_are_understood_or_refused()
    {
        foreach (var test in LlhttpCases.Strict("response"))
            Check(test, test.Base64("input_base64"), wire => Wire.Responses(wire, null));
    }

    private static void Check(CorpusCase test, byte[] wire, Func<byte[], MessageReader> read)
    {
        var result = read(wire);
        var derived = test.Json.GetProperty("derived");
        var fault = derived.GetProperty("error") is { ValueKind: JsonValueKind.Object } error ? CorpusCase.Text(error, "name") : null;
        if (LlhttpCases.RefusedHere.TryGetValue(test.Name, out var sentence))
        {
            Assert.True(result.Error is not null, $"{test.Name} is accepted now, against: {sentence}");
        }
        else if (derived.GetProperty("accepted").GetBoolean() || fault == "CLOSED_CONNECTION")
        {
            // Bytes behind a message that ends the connection are an error for llhttp, and are left unread here.
            Same(test, derived, result, isPaused: fault is not null);
        }
        else if (LlhttpCases.AcceptedHere.TryGetValue(test.Name, out sentence))
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
