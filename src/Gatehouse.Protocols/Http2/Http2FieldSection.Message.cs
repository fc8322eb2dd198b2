using System.Text;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Protocols.Http2;

/// <content>What the fields say as the head of a request or response (RFC 9113 section 8.3).</content>
public sealed partial class Http2FieldSection
{
    private const string OnePath = "a request must have one :method, one :scheme and one :path (RFC 9113 section 8.3.1)";

    private uint _seen;
    private int _cookies;
    private Slice _host;
    private Slice _scheme;

    /// <summary>The method, or <see cref="Method.Other"/>. For extended CONNECT it is <see cref="Method.Connect"/>, see <see cref="Protocol"/>.</summary>
    public Method Method { get; private set; }

    /// <summary>The method's token.</summary>
    public Slice MethodName { get; private set; }

    /// <summary>The value of :path; of CONNECT the authority.</summary>
    public Slice Target { get; private set; }

    /// <summary>The path of the target without its query; empty for CONNECT.</summary>
    public Slice Path { get; private set; }

    /// <summary>The query without its question mark.</summary>
    public Slice Query { get; private set; }

    /// <summary>True when the target has a question mark.</summary>
    public bool HasQuery { get; private set; }

    /// <summary>Host and port: :authority, or the Host field where that is missing.</summary>
    public Slice Authority { get; private set; }

    /// <summary>The protocol of extended CONNECT (RFC 8441 section 4); empty otherwise.</summary>
    public Slice Protocol { get; private set; }

    /// <summary>The status of a response.</summary>
    public int Status { get; private set; }

    /// <summary>The value of Content-Length; -1 when there is none.</summary>
    public long ContentLength => _framing.Length;

    /// <summary>True for Expect: 100-continue.</summary>
    public bool ExpectsContinue { get; private set; }

    /// <summary>True for an expectation other than 100-continue, which is answered with 417.</summary>
    public bool HasUnknownExpectation { get; private set; }

    /// <summary>How soon the response is wanted (RFC 9218).</summary>
    public Http2Priority Priority { get; private set; }

    /// <summary>True when the scheme is https.</summary>
    public bool IsHttps => _scheme.Length == 5;

    /// <summary>True for a 1xx.</summary>
    public bool IsInterim => Status is >= 100 and < 200;

    /// <summary>Judges the whole head of a request, and joins and completes fields for handlers that know those of HTTP/1. Null, or what is wrong.</summary>
    public string? FinishRequest()
    {
        if (IsTooLarge)
            return Malformed;
        if (!Has(Http2FieldKind.Method))
            return Malformed ??= OnePath;
        if (Method == Method.Connect && !Has(Http2FieldKind.Protocol))
            JudgeConnect();
        else
            JudgeTarget();
        JudgeAuthority();
        if (Malformed is not null)
            return Malformed;
        if (_host.Length == 0 && Authority.Length > 0)
            Append(KnownHeader.Host, Authority);
        if (_cookies > 1)
            JoinCookies();
        return null;
    }

    /// <summary>Judges the whole head of a response. Null, or what is wrong.</summary>
    public string? FinishResponse()
    {
        if (!Has(Http2FieldKind.Status))
            Malformed ??= "a response must have one :status (RFC 9113 section 8.3.2)";
        return Malformed;
    }

    private void ResetMessage()
    {
        _seen = 0;
        _cookies = 0;
        _host = _scheme = default;
        Method = Method.Other;
        MethodName = Target = Path = Query = Authority = Protocol = default;
        HasQuery = ExpectsContinue = HasUnknownExpectation = false;
        Status = 0;
        Priority = Http2Priority.Default;
    }

    private bool Has(Http2FieldKind kind) => (_seen & (1u << (kind - Http2FieldKind.Pseudo))) != 0;

    private void TakePseudo(Http2FieldKind kind, Slice slice)
    {
        var value = FieldValue;
        if (Fields.Count > 0 || _kind == Http2SectionKind.Trailers)
        {
            Malformed ??= "a pseudo-header field behind another field, or in trailers (RFC 9113 section 8.3)";
            return;
        }
        if (kind == Http2FieldKind.OtherPseudo || (kind == Http2FieldKind.Status) != (_kind == Http2SectionKind.Response))
        {
            Malformed ??= $"the pseudo-header field {Encoding.Latin1.GetString(FieldName)} is not one of a {_kind} (RFC 9113 section 8.3)";
            return;
        }
        if (Has(kind))
        {
            Malformed ??= $"the pseudo-header field {Encoding.Latin1.GetString(FieldName)} twice (RFC 9113 section 8.3)";
            return;
        }
        _seen |= 1u << (kind - Http2FieldKind.Pseudo);
        switch (kind)
        {
            case Http2FieldKind.Method:
                Method = Methods.Find(value);
                MethodName = slice;
                if (Method == Method.Other && !HeaderSyntax.IsToken(value))
                    Malformed ??= "a :method that is not a token (RFC 9110 section 9.1)";
                break;
            case Http2FieldKind.Path:
                Target = slice;
                break;
            case Http2FieldKind.Scheme:
                _scheme = slice;
                if (!value.SequenceEqual("http"u8) && !value.SequenceEqual("https"u8))
                    Malformed ??= "a :scheme other than http and https (RFC 9113 section 8.3.1)";
                break;
            case Http2FieldKind.Authority:
                Authority = slice;
                break;
            case Http2FieldKind.Protocol:
                Protocol = slice;
                if (!HeaderSyntax.IsToken(value))
                    Malformed ??= "a :protocol that is not a token (RFC 8441 section 4)";
                break;
            case Http2FieldKind.Status:
                if (value.Length != 3 || !Ascii.IsValid(value) || value[0] is < (byte)'1' or > (byte)'5' || !char.IsAsciiDigit((char)value[1])
                    || !char.IsAsciiDigit((char)value[2]) || value.SequenceEqual("101"u8))
                    Malformed ??= "a :status that is not 100 to 599, or is 101 (RFC 9113 section 8.6)";
                else
                    Status = ((value[0] - '0') * 100) + ((value[1] - '0') * 10) + value[2] - '0';
                break;
        }
    }

    private void TakeSpecial(KnownHeader known, Slice slice)
    {
        switch (known)
        {
            case KnownHeader.ContentLength:
                Malformed ??= _framing.TakeContentLength(FieldValue);
                break;
            case KnownHeader.Host:
                if (_host.Length > 0)
                    Malformed ??= "more than one Host (RFC 9110 section 7.2)";
                _host = slice;
                break;
            case KnownHeader.Cookie:
                _cookies++;
                break;
            case KnownHeader.Priority:
                Priority = Http2Priority.Parse(FieldValue);
                break;
            case KnownHeader.Expect:
                if (Ascii.EqualsIgnoreCase(FieldValue, "100-continue"u8))
                    ExpectsContinue = true;
                else
                    HasUnknownExpectation = true;
                break;
        }
    }

    // RFC 9113 section 8.5: CONNECT has no scheme and no path.
    private void JudgeConnect()
    {
        if (Has(Http2FieldKind.Scheme) || Has(Http2FieldKind.Path) || !HostSyntax.IsValidWithPort(Authority.Of(Buffer)))
            Malformed ??= "CONNECT must have host \":\" port as :authority, and neither :scheme nor :path (RFC 9113 section 8.5)";
        if (Has(Http2FieldKind.Path))
            return;
        Target = Authority;
        Path = Query = new Slice(Authority.End, 0);
    }

    private void JudgeTarget()
    {
        if (!Has(Http2FieldKind.Scheme) || !Has(Http2FieldKind.Path))
        {
            Malformed ??= OnePath;
            return;
        }
        if (Has(Http2FieldKind.Protocol) && (Method != Method.Connect || Authority.Length == 0))
            Malformed ??= ":protocol is for CONNECT with :authority only (RFC 8441 section 4)";
        var target = Target.Of(Buffer);
        if (target.IsEmpty || (target[0] != '/' && !(Method == Method.Options && target.SequenceEqual("*"u8))))
        {
            Malformed ??= "a :path must start with /, or be * for OPTIONS (RFC 9113 section 8.3.1)";
            return;
        }
        if (ByteScan.EndOfTarget(Buffer, Target.Start, Target.End, out var question) < Target.End)
            Malformed ??= "a :path with a byte that a request target must not hold (RFC 9110 section 7.1)";
        HasQuery = question >= 0 && question < Target.End;
        var pathEnd = HasQuery ? question : Target.End;
        Path = new Slice(Target.Start, pathEnd - Target.Start);
        Query = HasQuery ? new Slice(question + 1, Target.End - question - 1) : new Slice(Target.End, 0);
    }

    private void JudgeAuthority()
    {
        if (Authority.Length == 0)
        {
            if (_host.Length == 0)
                Malformed ??= "a request without :authority and Host (RFC 9113 section 8.3.1)";
            Authority = _host;
        }
        else if (_host.Length > 0 && !Ascii.EqualsIgnoreCase(_host.Of(Buffer), Authority.Of(Buffer)))
        {
            Malformed ??= "a Host that is not the :authority (RFC 9113 section 8.3.1)";
        }
        if (Malformed is null && !HostSyntax.IsValid(Buffer, Authority.Start, Authority.End, portRequired: false))
            Malformed = "the authority must be host [ \":\" port ] (RFC 9113 section 8.3.1)";
    }

    // The source lies in the buffer that may have to grow.
    private void Append(KnownHeader known, Slice value)
    {
        Reserve(value.Length + 16);
        Append(known, value.Of(Buffer));
    }

    // Clients may split the field for the sake of compression (RFC 9113 section 8.2.3); behind this connection it is one again.
    private void JoinCookies()
    {
        var size = 0;
        for (var i = 0; i < Fields.Count; i++)
        {
            if (Fields[i].Known == KnownHeader.Cookie)
                size += Fields[i].Value.Length + 2;
        }
        Reserve(size + 16);
        BeginField();
        Append("cookie"u8);
        EndName();
        for (var i = 0; i < Fields.Count; i++)
        {
            if (Fields[i].Known != KnownHeader.Cookie)
                continue;
            if (!FieldValue.IsEmpty)
                Append("; "u8);
            Append(Fields[i].Value);
        }
        Fields.Remove("cookie"u8, 0, Fields.Count);
        Fields.Add(KnownHeader.Cookie, NameSlice.Start, NameSlice.Length, ValueSlice.Start, ValueSlice.Length);
    }
}
