using System.Text.Json;

namespace Gatehouse.Testing.Http1Cases;

/// <summary>gunicorn's request files, and where this project deliberately judges otherwise.</summary>
public static class GunicornRequests
{
    /// <summary>Requests that gunicorn accepts.</summary>
    public static IEnumerable<CorpusCase> Valid => CorpusCase.In("gunicorn-requests/valid").Where(test => !IsAboutOtherThings(test));

    /// <summary>Requests that gunicorn refuses.</summary>
    public static IEnumerable<CorpusCase> Invalid => CorpusCase.In("gunicorn-requests/invalid").Where(test => !IsAboutOtherThings(test));

    /// <summary>Valid for gunicorn and refused here, each with the sentence that allows or asks for it.</summary>
    public static IReadOnlyDictionary<string, string> RefusedHere { get; } = new Dictionary<string, string>
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
    public static IReadOnlyDictionary<string, string> AcceptedHere { get; } = new Dictionary<string, string>
    {
        ["003c"] = "RFC 9110 9.1: a method is any token, and '-bl' is one",
        ["008"] = "gunicorn's limit of 8190 bytes for one field; here the limit is that of the head",
        ["017"] = "gunicorn's limit for one field, as 008",
        ["041"] = "RFC 9110 5.3: a second Content-Type is not the framing's concern",
        ["rfc9110_trailer_forbidden_te_01"] = "RFC 9110 6.5.1: a trailer field that must not be one is dropped, and has no effect",
    };

    /// <summary>The bytes to send: the case's own, with a Host where it lacks one. 020 has a request line in a body.</summary>
    public static byte[] WireOf(CorpusCase test)
    {
        var wire = test.Base64("wire_base64");
        return test.Name == "020" ? wire : CorpusCase.WithHost(wire);
    }

    /// <summary>Cases about settings of gunicorn that have no like here: PROXY protocol is another codec, header maps are CGI's.</summary>
    private static bool IsAboutOtherThings(CorpusCase test) =>
        test.Json.TryGetProperty("gunicorn_settings", out var settings) && settings.ValueKind == JsonValueKind.Object
        && settings.EnumerateObject().Any(setting => setting.Name is "proxy_protocol" or "header_map" or "forwarded_allow_ips"
            || (setting.Name.StartsWith("limit_", StringComparison.Ordinal) && CorpusCase.Text(test.Json, "kind") == "invalid"));
}
