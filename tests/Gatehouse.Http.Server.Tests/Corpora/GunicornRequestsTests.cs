using Gatehouse.Testing.Http1Cases;

namespace Gatehouse.Http.Server.Tests.Corpora;

/// <summary>gunicorn's request files through the whole driver: answered with what they hold, or refused. The table of differences is the codec's.</summary>
public sealed class GunicornRequestsTests
{
    [Fact]
    public void Valid_requests_are_understood()
    {
        using var reader = new Reader();
        foreach (var test in GunicornRequests.Valid)
        {
            var answers = reader.Read(test.Name, GunicornRequests.WireOf(test));
            var expected = test.Json.GetProperty("requests").EnumerateArray().ToList();
            Assert.True(answers.Count <= expected.Count, $"{test.Name} has {expected.Count} requests and got {answers.Count} answers.");
            if (GunicornRequests.RefusedHere.TryGetValue(test.Name, out var sentence))
            {
                Assert.True(answers[^1].Status >= 400, $"{test.Name} is accepted now, against: {sentence}");
                continue;
            }
            foreach (var (request, answer) in expected.Zip(answers))
            {
                Assert.True(answer.IsUnderstood, $"{test.Name} is refused: {answer}");
                var line = $"{CorpusCase.Text(request, "method")} {CorpusCase.Text(request, "uri")} HTTP/{CorpusCase.Text(request, "version")}";
                Assert.True(line == answer.Line, $"{test.Name}: {line} was read as {answer.Line}");
                var fields = answer.Fields.Where(field => field != CorpusCase.AddedHost && !field.Name.Contains('_', StringComparison.Ordinal));
                Assert.Equal(CorpusCase.Pairs(request, "headers"), fields.Select(field => (field.Name.ToUpperInvariant(), field.Value)));
                Assert.Equal(CorpusCase.Body(request), answer.Body);
            }
        }
    }

    [Fact]
    public void Invalid_requests_are_refused()
    {
        using var reader = new Reader();
        foreach (var test in GunicornRequests.Invalid)
        {
            var answers = reader.Read(test.Name, GunicornRequests.WireOf(test));
            var error = CorpusCase.Text(test.Json, "error");
            if (GunicornRequests.AcceptedHere.TryGetValue(test.Name, out var sentence))
                Assert.True(answers.All(answer => answer.IsUnderstood), $"{test.Name} is refused now, though: {sentence}");
            else if (error == "ChunkMissingTerminator")
                Assert.Empty(answers);
            else
                Assert.True(answers is [.., { Status: >= 400 }], $"{test.Name} ({error}) is accepted: {string.Join('\n', answers)}");
        }
    }
}
