using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Gatehouse.Http;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Logs;

/// <summary>
/// By what a request is found again in the logs of all who touched it: its identifier, and its place in a trace of W3C Trace Context. Kept beside the exchange,
/// which a connection uses again, so that a request allocates nothing.
/// </summary>
public sealed class RequestIdentity
{
    /// <summary>Length of <see cref="Traceparent"/>.</summary>
    public const int TraceparentLength = 55;

    /// <summary>The longest identifier that is taken over from a trusted peer.</summary>
    public const int MaxIdLength = 128;

    private static readonly ConditionalWeakTable<Exchange, RequestIdentity> Identities = [];
    private static readonly SearchValues<byte> IdBytes = SearchValues.Create("-._~:=+/@0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> HexBytes = SearchValues.Create("0123456789abcdef"u8);

    private readonly byte[] _id = new byte[MaxIdLength];
    private readonly byte[] _traceparent = new byte[TraceparentLength];
    private int _idLength;
    private long _startedAt;

    /// <summary>The identifier: 32 random hexadecimal digits, or what a trusted peer sent in X-Request-ID.</summary>
    public ReadOnlySpan<byte> Id => _id.AsSpan(0, _idLength);

    /// <summary>The traceparent for whoever the request is passed on to: this server is the parent.</summary>
    public ReadOnlySpan<byte> Traceparent => _traceparent;

    /// <summary>The trace, 32 hexadecimal digits; the identifier itself when both were made here.</summary>
    public ReadOnlySpan<byte> TraceId => _traceparent.AsSpan(3, 32);

    /// <summary>The span of that trace that this server is, 16 hexadecimal digits.</summary>
    public ReadOnlySpan<byte> SpanId => _traceparent.AsSpan(36, 16);

    /// <summary>True when the trace was begun by a trusted peer; only then does its tracestate hold.</summary>
    public bool IsTraceContinued { get; private set; }

    /// <summary>The identity of the exchange's present request; false when none was given to it.</summary>
    public static bool TryGet(Exchange exchange, [NotNullWhen(true)] out RequestIdentity? identity)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        return Identities.TryGetValue(exchange, out identity) && identity._startedAt == exchange.StartedAt;
    }

    /// <summary>Gives the exchange's present request its identity, taking over what a trusted peer sent where that is well formed.</summary>
    public static RequestIdentity Begin(Exchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        var identity = Identities.GetValue(exchange, static _ => new RequestIdentity());
        identity._startedAt = exchange.StartedAt;
        Span<byte> random = stackalloc byte[24];
        Random.Shared.NextBytes(random);
        identity.Fill(exchange.Request, random);
        return identity;
    }

    private void Fill(Request request, ReadOnlySpan<byte> random)
    {
        var headers = request.Headers;
        var isTrusted = request.IsViaTrustedProxy;
        IsTraceContinued = isTrusted && headers.TryGet(KnownHeader.Traceparent, out var traceparent) && headers.CountOf(KnownHeader.Traceparent) == 1
            && TryContinue(traceparent);
        if (!IsTraceContinued)
        {
            "00-"u8.CopyTo(_traceparent);
            Hex(random[..16], _traceparent.AsSpan(3));
            // A trace that begins here is marked as sampled, so that the application behind decides as if it were first.
            "-................-01"u8.CopyTo(_traceparent.AsSpan(35));
        }
        Hex(random[16..], _traceparent.AsSpan(36));
        if (isTrusted && headers.TryGet(KnownHeader.XRequestId, out var id) && IsValidId(id) && headers.CountOf(KnownHeader.XRequestId) == 1)
        {
            id.CopyTo(_id);
            _idLength = id.Length;
            return;
        }
        Hex(random[..16], _id);
        _idLength = 32;
    }

    /// <summary>True for an identifier that is short and plain enough to be taken over.</summary>
    internal static bool IsValidId(ReadOnlySpan<byte> id) => id.Length is > 0 and <= MaxIdLength && id.IndexOfAnyExcept(IdBytes) < 0;

    // traceparent = version "-" version-format; version = 2HEXDIGLC; version-format = trace-id "-" parent-id "-" trace-flags, 32, 16 and 2 HEXDIGLC, of
    // which the first two are not all zero; version ff is forbidden, and a higher one may go on behind a hyphen (W3C Trace Context, sections 3.2.2 and 4).
    private bool TryContinue(ReadOnlySpan<byte> value)
    {
        if (value.Length < TraceparentLength || value[2] != '-' || value[35] != '-' || value[52] != '-' || !IsHex(value[..2]) || value.StartsWith("ff"u8))
            return false;
        if (value.Length > TraceparentLength && (value.StartsWith("00"u8) || value[TraceparentLength] != '-'))
            return false;
        var trace = value[3..35];
        var parent = value[36..52];
        var flags = value[53..55];
        if (!IsHex(trace) || !IsHex(parent) || !IsHex(flags) || !trace.ContainsAnyExcept((byte)'0') || !parent.ContainsAnyExcept((byte)'0'))
            return false;
        value[..TraceparentLength].CopyTo(_traceparent);
        "00"u8.CopyTo(_traceparent);
        return true;
    }

    private static bool IsHex(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(HexBytes) < 0;

    private static void Hex(ReadOnlySpan<byte> bytes, Span<byte> destination) => Convert.TryToHexStringLower(bytes, destination, out _);
}
