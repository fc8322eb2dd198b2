using System.Buffers.Text;
using System.Text;
using Gatehouse.Edge.Logs;
using Gatehouse.Http;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Edge.Headers;

/// <summary>The names and the values of the variables.</summary>
internal static class HeaderVariables
{
    private static readonly (string Name, HeaderVariable Variable)[] All =
    [
        ("client", HeaderVariable.Client),
        ("client-port", HeaderVariable.ClientPort),
        ("remote", HeaderVariable.Remote),
        ("host", HeaderVariable.Host),
        ("scheme", HeaderVariable.Scheme),
        ("method", HeaderVariable.Method),
        ("path", HeaderVariable.Path),
        ("query", HeaderVariable.Query),
        ("target", HeaderVariable.Target),
        ("tls-version", HeaderVariable.TlsVersion),
        ("tls-name", HeaderVariable.TlsName),
        ("client-subject", HeaderVariable.ClientSubject),
        ("client-issuer", HeaderVariable.ClientIssuer),
        ("client-serial", HeaderVariable.ClientSerial),
        ("client-fingerprint", HeaderVariable.ClientFingerprint),
        ("user", HeaderVariable.User),
        ("route", HeaderVariable.Route),
        ("upstream", HeaderVariable.Upstream),
        ("request-id", HeaderVariable.RequestId),
        ("traceparent", HeaderVariable.Traceparent),
    ];

    /// <summary>The names, in the order of the documentation.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(entry => entry.Name)];

    /// <summary>The variable of that name; null for none.</summary>
    public static HeaderVariable? Find(string name)
    {
        foreach (var entry in All)
        {
            if (entry.Name == name)
                return entry.Variable;
        }
        return null;
    }

    /// <summary>Writes a variable's value; false when it does not fit.</summary>
    public static bool TryWrite(HeaderVariable variable, Exchange exchange, Span<byte> destination, out int written)
    {
        var request = exchange.Request;
        return variable switch
        {
            HeaderVariable.Client => TryWrite(request.Client, destination, out written),
            HeaderVariable.ClientPort => Utf8Formatter.TryFormat(request.Client.IsUnix ? 0 : request.Client.Port, destination, out written),
            HeaderVariable.Remote => TryWrite(exchange.RemoteEndpoint, destination, out written),
            HeaderVariable.Host => TryCopy(request.Host, destination, out written),
            HeaderVariable.Scheme => TryCopy(request.IsSecure ? "https"u8 : "http"u8, destination, out written),
            HeaderVariable.Method => TryCopy(request.MethodName, destination, out written),
            HeaderVariable.Path => TryCopy(request.RawPath, destination, out written),
            HeaderVariable.Query => TryCopy(request.Query, destination, out written),
            HeaderVariable.Target => TryCopy(request.Target, destination, out written),
            HeaderVariable.TlsVersion => TryWriteTls(LogVariable.TlsVersion, exchange, destination, out written),
            HeaderVariable.TlsName => TryWriteTls(LogVariable.TlsName, exchange, destination, out written),
            HeaderVariable.ClientSubject => TryWriteTls(LogVariable.ClientSubject, exchange, destination, out written),
            HeaderVariable.ClientIssuer => TryWriteTls(LogVariable.ClientIssuer, exchange, destination, out written),
            HeaderVariable.ClientSerial => TryWriteTls(LogVariable.ClientSerial, exchange, destination, out written),
            HeaderVariable.ClientFingerprint => TryWriteTls(LogVariable.ClientFingerprint, exchange, destination, out written),
            HeaderVariable.User => Encoding.UTF8.TryGetBytes(exchange.Notes.User, destination, out written),
            HeaderVariable.Route => Encoding.UTF8.TryGetBytes(exchange.Notes.Route, destination, out written),
            HeaderVariable.RequestId or HeaderVariable.Traceparent => TryWriteIdentity(variable, exchange, destination, out written),
            _ => Encoding.UTF8.TryGetBytes(exchange.Notes.Upstream, destination, out written),
        };
    }

    private static bool TryCopy(ReadOnlySpan<byte> value, Span<byte> destination, out int written)
    {
        var fits = value.TryCopyTo(destination);
        written = fits ? value.Length : 0;
        return fits;
    }

    private static bool TryWriteTls(LogVariable variable, Exchange exchange, Span<byte> destination, out int written) =>
        Encoding.UTF8.TryGetBytes(exchange.Tls is { } tls ? TlsValues.Of(tls, variable) : null, destination, out written);

    private static bool TryWriteIdentity(HeaderVariable variable, Exchange exchange, Span<byte> destination, out int written)
    {
        written = 0;
        return !RequestIdentity.TryGet(exchange, out var identity)
            || TryCopy(variable == HeaderVariable.RequestId ? identity.Id : identity.Traceparent, destination, out written);
    }

    // The peer of a Unix socket has no address.
    private static bool TryWrite(Endpoint endpoint, Span<byte> destination, out int written) => endpoint.IsUnix || endpoint.Address.IsNone
        ? TryCopy("unix"u8, destination, out written)
        : endpoint.Address.TryFormat(destination, out written);
}
