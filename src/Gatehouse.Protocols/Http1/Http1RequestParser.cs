using System.Text;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Protocols.Http1;

/// <summary>
/// Parses the head of an HTTP/1 request (RFC 9112 sections 2 to 5), strictly, in one pass over the bytes and line by line as they arrive.
/// Results are offsets into the buffer given to <see cref="Http1HeadParser.Parse"/>. Reused from message to message by <see cref="Reset"/>; allocates
/// nothing in the steady state.
/// </summary>
public sealed class Http1RequestParser : Http1HeadParser
{
    // Longer than any registered method; RFC 9112 section 3 asks for 501 when a method is longer than any that is implemented.
    private const int MethodBytes = 32;

    // HTTP/1.1
    private const int VersionBytes = 8;

    private const string NoVersion = "expected HTTP/1.1 behind the target (RFC 9112 section 2.3)";

    private bool _hasHost;
    private bool _wantsContinue;

    /// <summary>Makes a parser with these limits.</summary>
    public Http1RequestParser(Http1Limits limits) : base(limits, isResponse: false)
    {
    }

    /// <summary>The method, or <see cref="Method.Other"/>.</summary>
    public Method Method { get; private set; }

    /// <summary>The method's token.</summary>
    public Slice MethodName { get; private set; }

    /// <summary>The whole request target.</summary>
    public Slice Target { get; private set; }

    /// <summary>
    /// The path of the target: as received in origin form; the path part of absolute form, which when it is empty is a '/' found elsewhere in the target
    /// (RFC 9110 section 4.2.3); '*'; empty in authority form.
    /// </summary>
    public Slice Path { get; private set; }

    /// <summary>The query without its question mark.</summary>
    public Slice Query { get; private set; }

    /// <summary>True when the target has a question mark.</summary>
    public bool HasQuery { get; private set; }

    /// <summary>
    /// Host and port: of the target in absolute or authority form, else the Host field's value. Empty when that is empty or, in HTTP/1.0, missing; then the
    /// server picks its default (RFC 9112 section 3.3).
    /// </summary>
    public Slice Authority { get; private set; }

    /// <summary>Length of the body; 0 when there is none, -1 when chunked.</summary>
    public long ContentLength { get; private set; }

    /// <summary>True for Expect: 100-continue in HTTP/1.1 on a message with a body.</summary>
    public bool ExpectsContinue { get; private set; }

    /// <summary>True when Upgrade is present and named in Connection, in HTTP/1.1 (RFC 9110 section 7.8).</summary>
    public bool AsksUpgrade { get; private set; }

    /// <summary>True when the message failed because it is the start of the HTTP/2 connection preface, PRI * HTTP/2.0 (RFC 9113 section 3.4).</summary>
    public bool IsHttp2Preface { get; private set; }

    private protected override int StartLineBytes => MethodBytes + 1 + Limits.TargetBytes + 1 + VersionBytes + 2;

    private protected override (int Status, string Message) StartLineTooLong => (414, "the request target is longer than the limit");

    /// <summary>Makes the parser new for the next message.</summary>
    public void Reset()
    {
        ResetHead();
        ContentLength = 0;
        _hasHost = _wantsContinue = ExpectsContinue = AsksUpgrade = IsHttp2Preface = false;
    }

    /// <inheritdoc/>
    public override void Rebase(byte[] buffer, int delta)
    {
        base.Rebase(buffer, delta);
        MethodName = MethodName.Moved(delta);
        Target = Target.Moved(delta);
        Path = Path.Moved(delta);
        Query = Query.Moved(delta);
        Authority = Authority.Moved(delta);
    }

    // request-line = method SP request-target SP HTTP-version CRLF (RFC 9112 section 3). Strict: one SP, and no other white space.
    private protected override ParseStatus ReadStartLine(ReadOnlySpan<byte> bytes, ref int at, int limit)
    {
        var methodEnd = ByteScan.EndOf(ByteScan.Token, bytes, at, limit);
        if (methodEnd >= limit)
            return ParseStatus.NeedMore;
        if (methodEnd == at || bytes[methodEnd] != ' ')
            return FailMethod(bytes, at, methodEnd, limit);
        var targetStart = methodEnd + 1;
        var targetEnd = ByteScan.EndOfTarget(bytes, targetStart, limit, out var question);
        if (targetEnd >= limit)
            return ParseStatus.NeedMore;
        if (targetEnd == targetStart || bytes[targetEnd] != ' ')
            return FailTarget(bytes, targetStart, targetEnd, limit);
        if (methodEnd - at > MethodBytes)
            return FailLine(bytes, limit, 501, "the method is longer than any that is known (RFC 9112 section 3)", at);
        var version = targetEnd + 1;
        if (limit - version <= VersionBytes)
            return FailLine(bytes, limit, 400, NoVersion, version);

        Method = Methods.Find(bytes[at..methodEnd]);
        MethodName = new Slice(at, methodEnd - at);
        Target = new Slice(targetStart, targetEnd - targetStart);
        HasQuery = question >= 0;
        var pathEnd = HasQuery ? question : targetEnd;
        // Empty slices have a place too, so that moving the buffer moves them to a valid one.
        Query = HasQuery ? new Slice(question + 1, targetEnd - question - 1) : new Slice(targetEnd, 0);
        Authority = new Slice(targetEnd, 0);

        if (!bytes.Slice(version, VersionBytes).SequenceEqual("HTTP/1.1"u8))
        {
            var status = ReadVersion(bytes, version, limit);
            if (status != ParseStatus.Done)
                return status;
        }
        else
        {
            MinorVersion = 1;
        }
        var lineEnd = version + VersionBytes;
        if (limit - lineEnd < 2 || bytes[lineEnd] != '\r' || bytes[lineEnd + 1] != '\n')
            return FailLine(bytes, limit, 400, "expected CR LF behind the version (RFC 9112 section 3)", lineEnd);
        if (Target.Length > Limits.TargetBytes)
            return Fail(414, StartLineTooLong.Message, targetStart);

        if (bytes[targetStart] == '/' && Method != Method.Connect)
        {
            // origin-form = absolute-path [ "?" query ] (RFC 9112 section 3.2.1)
            Path = new Slice(targetStart, pathEnd - targetStart);
        }
        else
        {
            var status = ReadOtherForm(bytes, pathEnd);
            if (status != ParseStatus.Done)
                return status;
        }
        at = lineEnd + 2;
        return ParseStatus.Done;
    }

    private protected override ParseStatus TakeField(ReadOnlySpan<byte> bytes, KnownHeader known, Slice value)
    {
        if (known == KnownHeader.Expect)
            return TakeExpect(bytes.Slice(value.Start, value.Length), value.Start);
        // Exactly one Host, valid, whatever the form of the target (RFC 9112 section 3.2). An empty one is valid and names no host.
        if (_hasHost)
            return Fail(400, "more than one Host (RFC 9112 section 3.2)", value.Start);
        if (value.Length != 0 && !HostSyntax.IsValid(bytes, value.Start, value.End, portRequired: false))
            return Fail(400, "Host must be host [ \":\" port ] (RFC 9110 section 7.2)", value.Start);
        _hasHost = true;
        // The authority of absolute and authority form wins over the field (RFC 9112 section 3.2.2).
        if (Authority.Length == 0)
            Authority = value;
        return ParseStatus.Done;
    }

    private protected override ParseStatus Finish(int at)
    {
        if (!_hasHost && MinorVersion >= 1)
            return Fail(400, "HTTP/1.1 without Host (RFC 9112 section 3.2)", at);
        if (Framing.IsChunked && MinorVersion == 0)
            return Fail(400, "Transfer-Encoding in HTTP/1.0 (RFC 9112 section 6.1)", at);
        ContentLength = Framing.IsChunked ? -1 : Math.Max(Framing.Length, 0);
        if (Method == Method.Connect && ContentLength != 0)
            return Fail(400, "CONNECT with content (RFC 9110 section 9.3.6)", at);
        KeepAlive = Framing.Persists(MinorVersion);
        ExpectsContinue = _wantsContinue && MinorVersion >= 1 && ContentLength != 0;
        AsksUpgrade = Framing.NamesUpgrade && MinorVersion >= 1 && Headers.Contains(KnownHeader.Upgrade);
        return ParseStatus.Done;
    }

    private ParseStatus FailMethod(ReadOnlySpan<byte> bytes, int start, int at, int limit)
    {
        // A first byte that starts no request is judged at once: whoever speaks TLS or another protocol here may never send an LF.
        if (at == start && bytes[at] != '\r')
            return Fail(400, "a request must start with a method, which is a token (RFC 9112 section 3.1)", at);
        return FailLine(bytes, limit, 400, "a method must be a token followed by one SP (RFC 9112 section 3.1)", at);
    }

    private ParseStatus FailTarget(ReadOnlySpan<byte> bytes, int start, int at, int limit) => FailLine(bytes, limit, 400, bytes[at] switch
    {
        (byte)' ' when at == start => "one SP before the request target, found two (RFC 9112 section 3)",
        (byte)'\r' or (byte)'\n' => "a request line needs target and version; HTTP/0.9 is not spoken (RFC 9112 section 3)",
        (byte)'#' => "a request target has no fragment (RFC 9112 section 3.2)",
        // Strict: bytes above 0x7F must be percent-encoded (RFC 3986 section 2). Lenient: other characters that a URI must encode, such as '|', pass, since
        // browsers send them.
        >= 0x80 => "a request target must be ASCII (RFC 3986 section 2)",
        _ => "a request target must not hold white space or control characters (RFC 9112 section 3.2)",
    }, at);

    // HTTP-version = "HTTP" "/" DIGIT "." DIGIT, with case (RFC 9112 section 2.3). A higher minor version is taken as 1.1 (RFC 9110 section 2.5).
    private ParseStatus ReadVersion(ReadOnlySpan<byte> bytes, int at, int limit)
    {
        var version = bytes.Slice(at, VersionBytes);
        if (!version.StartsWith("HTTP/"u8) || !char.IsAsciiDigit((char)version[5]) || version[6] != '.' || !char.IsAsciiDigit((char)version[7]))
            return FailLine(bytes, limit, 400, NoVersion, at);
        if (version[5] != '1')
        {
            IsHttp2Preface = version.SequenceEqual("HTTP/2.0"u8) && MethodName.Length == 3 && bytes.Slice(MethodName.Start, 6).SequenceEqual("PRI * "u8);
            return FailLine(bytes, limit, 505, "the major version of HTTP must be 1 here (RFC 9110 section 15.6.6)", at);
        }
        MinorVersion = version[7] == '0' ? 0 : 1;
        return ParseStatus.Done;
    }

    private ParseStatus ReadOtherForm(ReadOnlySpan<byte> bytes, int pathEnd)
    {
        var target = bytes.Slice(Target.Start, Target.Length);
        if (Method == Method.Connect)
        {
            // authority-form = uri-host ":" port, for CONNECT and nothing else (RFC 9112 section 3.2.3)
            if (!HostSyntax.IsValid(bytes, Target.Start, Target.End, portRequired: true))
                return Fail(400, "the target of CONNECT must be host \":\" port (RFC 9112 section 3.2.3)", Target.Start);
            Authority = Target;
            Path = new Slice(Target.End, 0);
            return ParseStatus.Done;
        }
        if (target.SequenceEqual("*"u8))
        {
            // asterisk-form = "*", for OPTIONS and nothing else (RFC 9112 section 3.2.4)
            if (Method != Method.Options)
                return Fail(400, "the target * is for OPTIONS only (RFC 9112 section 3.2.4)", Target.Start);
            Path = Target;
            return ParseStatus.Done;
        }

        // absolute-form = absolute-URI (RFC 9112 section 3.2.2). Strict: of the schemes http and https, whose authority is never empty (RFC 9110 section 4.2).
        var scheme = Ascii.EqualsIgnoreCase(target[..Math.Min(target.Length, 7)], "http://"u8) ? 7
            : Ascii.EqualsIgnoreCase(target[..Math.Min(target.Length, 8)], "https://"u8) ? 8 : 0;
        if (scheme == 0)
            return Fail(400, "a request target must start with / or be an http or https URI (RFC 9112 section 3.2)", Target.Start);
        var authorityStart = Target.Start + scheme;
        var length = bytes[authorityStart..pathEnd].IndexOf((byte)'/');
        var authorityEnd = length < 0 ? pathEnd : authorityStart + length;
        if (!HostSyntax.IsValid(bytes, authorityStart, authorityEnd, portRequired: false))
            return Fail(400, "the authority of the target must be host [ \":\" port ] (RFC 9110 section 4.2)", authorityStart);
        Authority = new Slice(authorityStart, authorityEnd - authorityStart);
        // An empty path is "/" (RFC 9110 section 4.2.3): the one of the scheme's "//" serves.
        Path = length < 0 ? new Slice(authorityStart - 1, 1) : new Slice(authorityEnd, pathEnd - authorityEnd);
        return ParseStatus.Done;
    }

    // Expect = #expectation; the only one defined is 100-continue (RFC 9110 section 10.1.1).
    private ParseStatus TakeExpect(ReadOnlySpan<byte> value, int at)
    {
        foreach (var expectation in new HeaderListReader(value))
        {
            if (!Ascii.EqualsIgnoreCase(expectation, "100-continue"u8))
                return Fail(417, "an expectation other than 100-continue (RFC 9110 section 10.1.1)", at);
            _wantsContinue = true;
        }
        return ParseStatus.Done;
    }
}
