using System.Text;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Protocols.Http1;

/// <summary>
/// What the fields of a head say about where the message ends and whether the connection goes on: Content-Length, Transfer-Encoding and Connection
/// (RFC 9112 sections 6 and 9.3). Anything on which two recipients could disagree is a fault.
/// </summary>
internal struct FramingFields
{
    private const string NotAlone = "Transfer-Encoding with Content-Length (RFC 9112 section 6.1)";

    /// <summary>The value of Content-Length, -1 when there is none.</summary>
    public long Length;

    /// <summary>True for Transfer-Encoding: chunked.</summary>
    public bool IsChunked;

    /// <summary>Connection names close.</summary>
    public bool NamesClose;

    /// <summary>Connection names keep-alive.</summary>
    public bool NamesKeepAlive;

    /// <summary>Connection names upgrade.</summary>
    public bool NamesUpgrade;

    public void Reset()
    {
        this = default;
        Length = -1;
    }

    /// <summary>
    /// Content-Length = 1*DIGIT (RFC 9110 section 8.6). Strict: a second field is refused and so is a list, even of one repeated value, which RFC 9112
    /// section 6.3 leaves to the recipient. Returns the fault or null.
    /// </summary>
    public string? TakeContentLength(ReadOnlySpan<byte> value)
    {
        if (Length >= 0)
            return "more than one Content-Length (RFC 9112 section 6.3)";
        if (IsChunked)
            return NotAlone;
        if (value.IsEmpty)
            return "Content-Length is empty; expected decimal digits (RFC 9110 section 8.6)";
        long length = 0;
        foreach (var digit in value)
        {
            var number = (uint)(digit - '0');
            if (number > 9)
                return "Content-Length has something else than decimal digits (RFC 9110 section 8.6)";
            if (length > (long.MaxValue - number) / 10)
                return "Content-Length is beyond 2^63-1 (RFC 9110 section 8.6)";
            length = (length * 10) + number;
        }
        Length = length;
        return null;
    }

    /// <summary>
    /// Transfer-Encoding = #transfer-coding (RFC 9112 section 6.1). The one coding that is spoken here is chunked, once, without parameters and alone.
    /// Strict: no empty members. Returns the fault, with the status that answers it, or null.
    /// </summary>
    public string? TakeTransferEncoding(ReadOnlySpan<byte> value, out int status)
    {
        status = 400;
        if (Length >= 0)
            return NotAlone;
        if (IsChunked)
            return "more than one Transfer-Encoding, or chunked not once and last (RFC 9112 section 6.1)";
        if (Ascii.EqualsIgnoreCase(value, "chunked"u8))
        {
            IsChunked = true;
            return null;
        }
        return FaultOfCodings(value, out status);
    }

    /// <summary>Connection = #connection-option (RFC 9110 section 7.6.1).</summary>
    public void TakeConnection(ReadOnlySpan<byte> value)
    {
        // What nearly every client sends needs no walk.
        if (Ascii.EqualsIgnoreCase(value, "keep-alive"u8))
        {
            NamesKeepAlive = true;
            return;
        }
        foreach (var option in new HeaderListReader(value))
        {
            if (Ascii.EqualsIgnoreCase(option, "close"u8))
                NamesClose = true;
            else if (Ascii.EqualsIgnoreCase(option, "keep-alive"u8))
                NamesKeepAlive = true;
            else if (Ascii.EqualsIgnoreCase(option, "upgrade"u8))
                NamesUpgrade = true;
        }
    }

    /// <summary>RFC 9112 section 9.3: an HTTP/1.1 connection persists unless close is named, an HTTP/1.0 one when only keep-alive is.</summary>
    public readonly bool Persists(int minorVersion) => !NamesClose && (minorVersion >= 1 || NamesKeepAlive);

    private static string FaultOfCodings(ReadOnlySpan<byte> value, out int status)
    {
        status = 400;
        var sawChunked = false;
        var sawOther = false;
        foreach (var coding in new HeaderListReader(value))
        {
            var name = new HeaderParameters(coding).Item;
            if (!HeaderSyntax.IsToken(name))
                return "Transfer-Encoding is not a list of transfer codings (RFC 9112 section 6.1)";
            if (sawChunked)
                return "chunked must be the last transfer coding, once (RFC 9112 section 6.1)";
            sawChunked = Ascii.EqualsIgnoreCase(name, "chunked"u8);
            sawOther |= !sawChunked;
            if (sawChunked && name.Length != coding.Length)
                return "chunked has no parameters (RFC 9112 section 7.1)";
        }
        if (!sawOther)
            return "Transfer-Encoding must be 'chunked' and nothing else (RFC 9112 section 6.1)";
        status = 501;
        return "a transfer coding other than chunked is not supported (RFC 9112 section 6.1)";
    }
}
