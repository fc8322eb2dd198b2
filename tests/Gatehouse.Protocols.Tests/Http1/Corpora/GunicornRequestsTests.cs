using System.Text.Json;

namespace Gatehouse.Protocols.Tests.Http1.Corpora;

/// <summary>gunicorn's request files: what they hold, or that they are refused, whole and in every way of splitting.</summary>
public sealed class GunicornRequestsTests
{
    /// <summary>Valid for gunicorn and refused here, each with the sentence that allows or asks for it.</summary>
    private static readonly Dictionary<string, string> RefusedHere = new()
    {
        ["009"] = "RFC 9112 3.2: a request-target has no fragment; 6.1: a coding that is not understood should be answered with 501",
        ["025"] = "RFC 9112 6.1: a server that receives a transfer coding it does not understand should respond with 501",
        ["025_line"] = "RFC 9112 6.1, as 025",
        ["027"] = "RFC 3986 2: a URI is made of a limited set of US-ASCII characters; RFC 9112 3.2: an invalid request-line should be answered with 400",
        ["029"] = "RFC 9112 6.1, as 025; RFC 9112 removed the coding identity (appendix C.3)",
        ["030"] = "RFC 9112 6.1, as 029",
        ["rfc9112_smuggle_gzip_chunked_01"] = "RFC 9112 6.1, as 025",
        ["rfc9112_smuggle_te_identity_chunked_01"] = "RFC 9112 6.1, as 029",
        ["compat_obs_fold"] = "RFC 9112 5.2: a server that receives an obs-fold must reject the message with 400 or replace it",
        ["compat_obs_fold_huge"] = "RFC 9112 5.2, as compat_obs_fold",
    };

    /// <summary>Refused by gunicorn and accepted here.</summary>
    private static readonly Dictionary<string, string> AcceptedHere = new()
    {
        ["003c"] = "RFC 9110 9.1: a method is any token, and '-bl' is one",
        ["008"] = "gunicorn's limit of 8190 bytes for one field; here the limit is that of the head",
        ["017"] = "gunicorn's limit for one field, as 008",
        ["041"] = "RFC 9110 5.3: a second Content-Type is not the framing's concern",
        ["rfc9110_trailer_forbidden_te_01"] = "RFC 9110 6.5.1: a trailer field that must not be one is dropped, and has no effect",
    };

    /// <summary>Cases about settings of gunicorn that have no like here: PROXY protocol is another codec, header maps are CGI's.</summary>
    private static bool IsAboutOtherThings(CorpusCase test) =>
        test.Json.TryGetProperty("gunicorn_settings", out var settings) && settings.ValueKind == JsonValueKind.Object
        && settings.EnumerateObject().Any(setting => setting.Name is "proxy_protocol" or "header_map" or "forwarded_allow_ips"
            || (setting.Name.StartsWith("limit_", StringComparison.Ordinal) && CorpusCase.Text(test.Json, "kind") == "invalid"));

    [Fact]
    public void Valid_requests_are_understood()
    {
        foreach (var test in CorpusCase.In("gunicorn-requests/valid"))
        {
            if (IsAboutOtherThings(test))
                continue;
            // 020 has a request line in a body.
            var wire = test.Base64("wire_base64");
            var read = Wire.Requests(test.Name == "020" ? wire : CorpusCase.WithHost(wire));
            if (RefusedHere.TryGetValue(test.Name, out var sentence))
                Assert.True(read.Error is not null, $"{test.Name} is accepted now, against: {sentence}");
            else
                Check(test, read);
        }
    }

    [Fact]
    public void Invalid_requests_are_refused()
    {
        foreach (var test in CorpusCase.In("gunicorn-requests/invalid"))
        {
            if (IsAboutOtherThings(test))
                continue;
            var read = Wire.Requests(CorpusCase.WithHost(test.Base64("wire_base64")));
            if (AcceptedHere.TryGetValue(test.Name, out var sentence))
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
