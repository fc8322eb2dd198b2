using Gatehouse.Protocols.Headers;

namespace Gatehouse.Protocols.Http1;

/// <summary>
/// Parses the head of an HTTP/1 response (RFC 9112 sections 2, 4 to 6), in one pass over the bytes and line by line as they arrive. Results are offsets into
/// the buffer given to <see cref="Http1HeadParser.Parse"/>. Reused from message to message by <see cref="Reset"/>; allocates nothing in the steady state.
/// </summary>
/// <remarks>
/// As strict as the request parser, with three leniencies: the SP behind the status code may be missing when there is no reason phrase; white space between
/// field name and colon is passed over (RFC 9112 section 5.1 has a proxy remove it); a folded line is joined to its field, which changes the buffer (RFC 9112
/// section 5.2), unless the field decides about framing. Every fault has status 502.
/// </remarks>
public sealed class Http1ResponseParser : Http1HeadParser
{
    // HTTP/1.1, then one SP and the status code
    private const int VersionBytes = 8;
    private const int HeadBytes = VersionBytes + 1 + 3;

    private Method _requestMethod;

    /// <summary>Makes a parser with these limits; call <see cref="Reset"/> before each response.</summary>
    public Http1ResponseParser(Http1Limits limits) : base(limits, isResponse: true)
    {
    }

    /// <summary>
    /// The status code, 100 to 999; a client takes an unknown one as the x00 of its class, and 600 to 999 as a server error (RFC 9110 section 15).
    /// </summary>
    public int Status { get; private set; }

    /// <summary>The reason phrase, which may be empty.</summary>
    public Slice Reason { get; private set; }

    /// <summary>How the end of the body is found.</summary>
    public BodyFraming BodyFraming { get; private set; }

    /// <summary>Length of the body; 0 when there is none, -1 when it is not known beforehand.</summary>
    public long ContentLength { get; private set; }

    /// <summary>
    /// True for 1xx other than 101: the final response is still to come; call <see cref="Reset"/> with the same method and go on behind the head.
    /// </summary>
    public bool IsInterim => Status is >= 100 and < 200 and not 101;

    /// <summary>True when the connection stops to be HTTP behind the head: 101 (RFC 9110 section 15.2.2), or 2xx to CONNECT (RFC 9110 section 9.3.6).</summary>
    public bool IsTunnel => Status == 101 || (_requestMethod == Method.Connect && Status is >= 200 and < 300);

    private protected override int StartLineBytes => Limits.HeadBytes;

    private protected override (int Status, string Message) StartLineTooLong => (502, "the status line is longer than the limit of a head");

    /// <summary>Makes the parser new for the response to a request with that method, on which the framing depends (RFC 9112 section 6.3).</summary>
    public void Reset(Method requestMethod)
    {
        ResetHead();
        _requestMethod = requestMethod;
        Status = 0;
        BodyFraming = BodyFraming.None;
        ContentLength = 0;
    }

    /// <inheritdoc/>
    public override void Rebase(byte[] buffer, int delta)
    {
        base.Rebase(buffer, delta);
        Reason = Reason.Moved(delta);
    }

    // status-line = HTTP-version SP status-code SP [ reason-phrase ] (RFC 9112 section 4)
    private protected override ParseStatus ReadStartLine(ReadOnlySpan<byte> bytes, ref int at, int limit)
    {
        // reason-phrase = 1*( HTAB / SP / VCHAR / obs-text ): like the rest of the line, bytes that a field value has too.
        var end = ByteScan.EndOfValue(bytes, at, limit);
        if (limit - end < 2 || bytes[end] != '\r' || bytes[end + 1] != '\n')
            return FailLine(bytes, limit, 502, "a status line ends with CR LF and has no control characters (RFC 9112 section 4)", end);
        var line = bytes[at..end];
        if (line.Length < VersionBytes || !line.StartsWith("HTTP/1."u8) || !char.IsAsciiDigit((char)line[VersionBytes - 1]))
            return Fail(502, "a response must start with HTTP/1.1 or HTTP/1.0 (RFC 9112 section 4)", at);
        if (line.Length < HeadBytes || line[VersionBytes] != ' '
            || line[9] is < (byte)'1' or > (byte)'9' || !char.IsAsciiDigit((char)line[10]) || !char.IsAsciiDigit((char)line[11]))
            return Fail(502, "expected one SP and a status code of three digits, 100 or more (RFC 9112 section 4)", at + VersionBytes);
        if (line.Length > HeadBytes && line[HeadBytes] != ' ')
            return Fail(502, "expected one SP behind the status code (RFC 9112 section 4)", at + HeadBytes);
        MinorVersion = line[VersionBytes - 1] == '0' ? 0 : 1;
        Status = ((line[9] - '0') * 100) + ((line[10] - '0') * 10) + (line[11] - '0');
        var reason = Math.Min(at + HeadBytes + 1, end);
        Reason = new Slice(reason, end - reason);
        at = end + 2;
        return ParseStatus.Done;
    }

    private protected override ParseStatus TakeField(ReadOnlySpan<byte> bytes, KnownHeader known, Slice value) => ParseStatus.Done;

    // RFC 9112 section 6.3, in its order.
    private protected override ParseStatus Finish(int at)
    {
        if (Framing.IsChunked && MinorVersion == 0)
            return Fail(502, "Transfer-Encoding in HTTP/1.0 (RFC 9112 section 6.1)", at);
        KeepAlive = Framing.Persists(MinorVersion);
        var announcesBody = Framing.IsChunked || Framing.Length > 0;
        if (IsTunnel || _requestMethod == Method.Head || Status is < 200 or 204 or 304)
        {
            BodyFraming = BodyFraming.None;
            // A 1xx or 204 must not announce a body (RFC 9110 section 8.6); one that does may also send it, so nothing behind it can be trusted.
            if (announcesBody && Status is < 200 or 204)
                KeepAlive = false;
        }
        else if (Framing.IsChunked)
        {
            BodyFraming = BodyFraming.Chunked;
        }
        else if (Framing.Length >= 0)
        {
            BodyFraming = Framing.Length == 0 ? BodyFraming.None : BodyFraming.Length;
        }
        else
        {
            BodyFraming = BodyFraming.UntilClose;
            KeepAlive = false;
        }
        ContentLength = BodyFraming switch
        {
            BodyFraming.None => 0,
            BodyFraming.Length => Framing.Length,
            _ => -1,
        };
        return ParseStatus.Done;
    }
}
