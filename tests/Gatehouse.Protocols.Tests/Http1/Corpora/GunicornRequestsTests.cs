using Gatehouse.Testing.Http1Cases;

namespace Gatehouse.Protocols.Tests.Http1.Corpora;

/// <summary>gunicorn's request files: what they hold, or that they are refused, whole and in every way of splitting.</summary>
public sealed class GunicornRequestsTests
{
    [Fact]
    public void Valid_requests_are_understood()
    {
        foreach (var test in GunicornRequests.Valid)
        {
            var read = Wire.Requests(GunicornRequests.WireOf(test));
            if (GunicornRequests.RefusedHere.TryGetValue(test.Name, out var sentence))
                Assert.True(read.Error is not null, $"{test.Name} is accepted now, against: {sentence}");
            else
                Check(test, read);
        }
    }

    [Fact]
    public void Invalid_requests_are_refused()
    {
        foreach (var test in GunicornRequests.Invalid)
        {
            var read = Wire.Requests(GunicornRequests.WireOf(test));
            if (GunicornRequests.AcceptedHere.TryGetValue(test.Name, out var sentence))
                Assert.True(read.Error is null && read.Messages.Count > 0, $"{test.Name} is refused now, though: {sentence}");
            else if (CorpusCase.Text(test.Json, "error") == "ChunkMissingTerminator")
                Assert.False(read.Messages[^1].IsComplete, $"{test.Name} has no end and was taken for complete");
            else
                Assert.True(read.Error is not null, $"{test.Name} ({CorpusCase.Text(test.Json, "error")}) is accepted:\n{read.Describe()}");
        }
    }

    private static void Check(CorpusCase test, MessageReader read)
    {
        Assert.True(read.Error is null, $"{test.Name}: {read.Error}");
        var expected = test.Json.GetProperty("requests").EnumerateArray().ToList();
        Assert.True(expected.Count == read.Messages.Count, $"{test.Name}: {read.Describe()}");
        foreach (var (request, message) in expected.Zip(read.Messages))
        {
            var line = $"{CorpusCase.Text(request, "method")} {CorpusCase.Text(request, "uri")} HTTP/{CorpusCase.Text(request, "version")}";
            Assert.True(line == message.Line, $"{test.Name}: {line} was read as {message.Line}");
            // gunicorn drops names with an underscore, since it hands fields on as CGI variables.
            var fields = message.Fields.Where(field => field != CorpusCase.AddedHost && !field.Name.Contains('_', StringComparison.Ordinal));
            Assert.Equal(CorpusCase.Pairs(request, "headers"), fields.Select(field => (field.Name.ToUpperInvariant(), field.Value)));
            // The case that is cut short says so by the length that it announces.
            Assert.Equal(CorpusCase.Body(request), message.Body.ToArray());
        }
    }
}
