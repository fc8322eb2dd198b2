using System.Text.Json;

namespace Gatehouse.Testing.Http1Cases;

/// <summary>llhttp's cases, and where this project deliberately judges otherwise.</summary>
public static class LlhttpCases
{
    /// <summary>Accepted by llhttp and refused here, each with the sentence that allows or asks for it.</summary>
    public static IReadOnlyDictionary<string, string> RefusedHere { get; } = new Dictionary<string, string>
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
    public static IReadOnlyDictionary<string, string> AcceptedHere { get; } = new Dictionary<string, string>();

    /// <summary>The cases of a type ("request" or "response") that are for a parser without leniencies.</summary>
    public static IEnumerable<CorpusCase> Strict(string type) => CorpusCase.In("llhttp-cases").Where(test =>
        CorpusCase.Text(test.Json, "type") == type
        && test.Json.GetProperty("flags") is var flags
        && flags.GetProperty("lenient").ValueKind == JsonValueKind.Null
        && flags.GetProperty("pause").ValueKind == JsonValueKind.Null
        && !flags.GetProperty("skip_body").GetBoolean());
}
