
namespace Gatehouse.Edge.Logs;

/// <summary>The variables of an access log's format: their names and what each stands for.</summary>
public static class LogVariables
{
    private static readonly (string Name, LogVariable Variable, string Meaning)[] Table =
    [
        ("client", LogVariable.Client, "address of the client: the peer, or whom a trusted proxy names in its place"),
        ("client-port", LogVariable.ClientPort, "port of the client"),
        ("remote", LogVariable.Remote, "address and port of the peer of the connection"),
        ("local", LogVariable.Local, "address and port that the connection came to"),
        ("user", LogVariable.User, "authenticated user"),
        ("time", LogVariable.Time, "time of the line, in UTC, as the combined format writes it: 10/Oct/2026:13:55:36 +0000"),
        ("time-iso", LogVariable.TimeIso, "the same as RFC 3339 writes it: 2026-10-10T13:55:36.123Z"),
        ("time-unix", LogVariable.TimeUnix, "the same in seconds since 1970, with milliseconds"),
        ("request", LogVariable.Request, "request line: method, target and protocol"),
        ("method", LogVariable.Method, "method"),
        ("scheme", LogVariable.Scheme, "http or https"),
        ("host", LogVariable.Host, "host that the request is for, without its port"),
        ("target", LogVariable.Target, "request target as received"),
        ("path", LogVariable.Path, "path, decoded and with its dot segments resolved"),
        ("query", LogVariable.Query, "query as received, without the question mark"),
        ("protocol", LogVariable.Protocol, "HTTP/1.0, HTTP/1.1 or HTTP/2.0"),
        ("status", LogVariable.Status, "status code of the answer"),
        ("bytes", LogVariable.Bytes, "bytes of the answer's body as sent"),
        ("request-bytes", LogVariable.RequestBytes, "bytes of the request's body as announced"),
        ("duration", LogVariable.Duration, "seconds from the request's head to the end of the answer, with microseconds"),
        ("referer", LogVariable.Referer, "Referer field"),
        ("user-agent", LogVariable.UserAgent, "User-Agent field"),
        ("encoding", LogVariable.Encoding, "content coding of the answer"),
        ("request-id", LogVariable.RequestId, "identifier of the request (with request-id: on)"),
        ("trace-id", LogVariable.TraceId, "trace of W3C Trace Context that the request belongs to (with request-id: on)"),
        ("span-id", LogVariable.SpanId, "span of that trace that this server is (with request-id: on)"),
        ("route", LogVariable.Route, "route that answered, as the configuration names it"),
        ("upstream", LogVariable.Upstream, "upstream target that answered last"),
        ("upstream-status", LogVariable.UpstreamStatus, "status code of the upstream's answer"),
        ("upstream-tries", LogVariable.UpstreamTries, "how often an upstream was tried"),
        ("upstream-duration", LogVariable.UpstreamDuration, "seconds until the upstream's head, with microseconds"),
        ("tls-version", LogVariable.TlsVersion, "version of TLS, like TLSv1.3"),
        ("tls-cipher", LogVariable.TlsCipher, "cipher suite of TLS, by its name in the registry"),
        ("tls-protocol", LogVariable.TlsProtocol, "protocol that ALPN agreed on"),
        ("tls-name", LogVariable.TlsName, "name that the client asked TLS for (SNI)"),
        ("tls-resumed", LogVariable.TlsResumed, "yes when a session of TLS was resumed, no when not"),
        ("client-subject", LogVariable.ClientSubject, "subject of the client's verified certificate"),
        ("client-issuer", LogVariable.ClientIssuer, "issuer of the client's verified certificate"),
        ("client-serial", LogVariable.ClientSerial, "serial number of the client's verified certificate, in hexadecimal"),
        ("client-fingerprint", LogVariable.ClientFingerprint, "SHA-256 of the client's verified certificate, in hexadecimal"),
        ("failure", LogVariable.Failure, "which step failed and which limit was hit"),
        ("header:NAME", LogVariable.Header, "that field of the request"),
        ("response-header:NAME", LogVariable.ResponseHeader, "that field of the answer"),
    ];

    private static readonly Dictionary<string, LogVariable> ByName =
        Table.Where(row => !row.Name.Contains(':', StringComparison.Ordinal)).ToDictionary(row => row.Name, row => row.Variable);

    /// <summary>Names and meanings, for help and the reference.</summary>
    public static IEnumerable<KeyValuePair<string, string>> All => Table.Select(row => KeyValuePair.Create(row.Name, row.Meaning));

    /// <summary>The names that stand alone, without a field's name behind them.</summary>
    internal static IEnumerable<string> Names => ByName.Keys;

    internal static bool TryFind(string name, out LogVariable variable) => ByName.TryGetValue(name, out variable);

    /// <summary>True for a variable whose text needs neither quotes nor escapes in JSON.</summary>
    internal static bool IsNumber(LogVariable variable) => variable is LogVariable.ClientPort or LogVariable.TimeUnix or LogVariable.Status or LogVariable.Bytes
        or LogVariable.RequestBytes or LogVariable.Duration or LogVariable.UpstreamStatus or LogVariable.UpstreamTries or LogVariable.UpstreamDuration;
}
