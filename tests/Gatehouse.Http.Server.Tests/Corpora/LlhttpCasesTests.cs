using System.Text.Json;
using Gatehouse.Testing.Http1Cases;

namespace Gatehouse.Http.Server.Tests.Corpora;

/// <summary>llhttp's request cases through the whole driver. The table of differences is the codec's.</summary>
public sealed class LlhttpCasesTests
{
    [Fact]
    public void Requests_are_understood_or_refused()
    {
        using var reader = new Reader();
        foreach (var test in LlhttpCases.Strict("request"))
        {
            var wire = CorpusCase.WithHost(test.Base64("input_base64"));
            var answers = reader.Read(test.Name, wire);
            var derived = test.Json.GetProperty("derived");
            var fault = derived.GetProperty("error") is { ValueKind: JsonValueKind.Object } error ? CorpusCase.Text(error, "name") : null;
            if (LlhttpCases.RefusedHere.TryGetValue(test.Name, out var sentence))
                Assert.True(answers is [.., { Status: >= 400 }], $"{test.Name} is accepted now, against: {sentence}");
            else if (derived.GetProperty("accepted").GetBoolean() || fault == "CLOSED_CONNECTION")
                Same(test, derived, answers);
            else if (!LlhttpCases.AcceptedHere.ContainsKey(test.Name) && answers is not [.., { Status: >= 400 }])
            {
                // A line is judged here when it is complete; llhttp may judge earlier.
                var more = reader.Read(test.Name, [.. wire, .. "\r\n\r\n"u8]);
                Assert.True(more is [.., { Status: >= 400 }], $"{test.Name} ({fault}) is accepted: {string.Join('\n', more)}");
            }
        }
    }

    private static void Same(CorpusCase test, JsonElement derived, IReadOnlyList<Answer> answers)
    {
        // A request that is not complete gets no answer; bytes behind an upgrade that was not granted are not the case's requests.
        var complete = derived.GetProperty("messages").EnumerateArray().Where(message => message.GetProperty("complete").GetBoolean()).ToList();
        foreach (var (message, answer) in complete.Zip(answers))
        {
            Assert.True(answer.IsUnderstood, $"{test.Name} is refused: {answer}");
            if (answer.Text.Length == 0)
                continue; // HEAD
            var line = $"{CorpusCase.Text(message, "method")} {CorpusCase.Escape(CorpusCase.Text(message, "url"))} HTTP/{CorpusCase.Text(message, "version")}";
            Assert.Equal(line, answer.Line);
            Assert.Equal(CorpusCase.Pairs(message, "headers"), answer.Fields.Where(field => field != CorpusCase.AddedHost));
            Assert.Equal(CorpusCase.Body(message), answer.Body.Where(value => value is not ((byte)'\r' or (byte)'\n')));
            Assert.Equal(CorpusCase.Pairs(message, "trailers"), answer.Trailers);
        }
        Assert.True(answers.Count(answer => answer.IsUnderstood) >= Math.Min(complete.Count, 1), $"{test.Name} is not answered.");
    }
}
