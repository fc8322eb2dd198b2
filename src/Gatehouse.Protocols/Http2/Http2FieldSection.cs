using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Http1;
using Gatehouse.Protocols.Http2.Hpack;

namespace Gatehouse.Protocols.Http2;

/// <summary>
/// The fields of one message as a decoder finds them: known names as ids, pseudo-header fields apart. What breaks the rules of RFC 9113 sections 8.2 and 8.3
/// is noted as it comes. Reused from message to message.
/// </summary>
/// <remarks>The part beside this one judges whole messages.</remarks>
public sealed partial class Http2FieldSection : HpackFieldBuffer
{
    // Pseudo-header fields do not count against the limit of fields.
    private const int PseudoFields = 6;

    private Http2SectionKind _kind;
    private FramingFields _framing;

    /// <summary>The fields but for pseudo-header fields, in order.</summary>
    public HeaderTable Fields { get; } = new();

    /// <summary>What is wrong with the message, so that nobody may see it (RFC 9113 section 8.1.1); null when nothing is.</summary>
    public string? Malformed { get; private set; }

    /// <summary>Makes the section new for a message.</summary>
    public void Begin(Http2SectionKind kind, Http1Limits limits)
    {
        BeginBlock(kind == Http2SectionKind.Trailers ? limits.TrailerBytes : limits.HeadBytes, limits.Fields + PseudoFields);
        _kind = kind;
        _framing.Reset();
        Malformed = null;
        Fields.Reset(Buffer);
        ResetMessage();
    }

    /// <summary>Appends a field that this side adds to what was received.</summary>
    public void Append(KnownHeader known, ReadOnlySpan<byte> value)
    {
        BeginField();
        Append(KnownHeaders.LowerName(known));
        EndName();
        Append(value);
        Fields.Add(known, NameSlice.Start, NameSlice.Length, ValueSlice.Start, ValueSlice.Length);
    }

    /// <summary>Appends bytes that are no field, and says where they lie.</summary>
    public Slice AppendText(ReadOnlySpan<byte> text)
    {
        BeginField();
        EndName();
        Append(text);
        return ValueSlice;
    }

    private protected override void OnMoved() => Fields.Rebase(Buffer, 0);

    internal override void Take(Http2FieldKind kind, Http2FieldFaults faults)
    {
        if (faults != Http2FieldFaults.None)
        {
            Malformed ??= (faults & Http2FieldFaults.Name) != 0
                ? "a field name that is not a token in lower case (RFC 9113 section 8.2.1)"
                : "a field value with a control character, or with white space around it (RFC 9113 section 8.2.1)";
            return;
        }
        var value = ValueSlice;
        if (kind >= Http2FieldKind.Pseudo)
        {
            TakePseudo(kind, value);
            return;
        }
        var known = (KnownHeader)kind;
        switch (known)
        {
            case KnownHeader.Connection or KnownHeader.TransferEncoding or KnownHeader.KeepAlive or KnownHeader.ProxyConnection or KnownHeader.Upgrade:
                Malformed ??= "a field that belongs to connections of HTTP/1 (RFC 9113 section 8.2.2)";
                return;
            case KnownHeader.TE when !FieldValue.SequenceEqual("trailers"u8):
                Malformed ??= "TE with another value than trailers (RFC 9113 section 8.2.2)";
                return;
            case KnownHeader.ContentLength or KnownHeader.Host or KnownHeader.Expect or KnownHeader.Cookie or KnownHeader.Priority:
                if (_kind != Http2SectionKind.Trailers)
                    TakeSpecial(known, value);
                break;
        }
        if (_kind != Http2SectionKind.Trailers || TrailerFields.IsAllowed(known))
            Fields.Add(known, NameSlice.Start, NameSlice.Length, value.Start, value.Length);
    }
}
