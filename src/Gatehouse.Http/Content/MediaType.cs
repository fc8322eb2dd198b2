using System.Text;
using Gatehouse.Http.Negotiation;

namespace Gatehouse.Http.Content;

/// <summary><c>media-type = type "/" subtype parameters</c> (RFC 9110 section 8.3.1) as views into the text it was read from.</summary>
public readonly ref struct MediaType
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly int _slash;
    private readonly int _end;

    private MediaType(ReadOnlySpan<byte> text, int slash, int end)
    {
        _text = text;
        _slash = slash;
        _end = end;
    }

    /// <summary>The type, as written.</summary>
    public ReadOnlySpan<byte> Type => _text[.._slash];

    /// <summary>The subtype, as written.</summary>
    public ReadOnlySpan<byte> Subtype => _text[(_slash + 1).._end];

    /// <summary>Type, slash and subtype, as written.</summary>
    public ReadOnlySpan<byte> Essence => _text[.._end];

    /// <summary>The parameters as written, with the semicolon before them; empty when there are none.</summary>
    public ReadOnlySpan<byte> Parameters => _text[_end..];

    /// <summary>Reads a media type; false when any part of it, parameters included, breaks the grammar.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out MediaType mediaType)
    {
        mediaType = default;
        text = text.Trim(" \t"u8);
        var slash = QuotedString.TokenLength(text);
        if (slash == 0 || slash == text.Length || text[slash] != '/')
            return false;
        var subtype = QuotedString.TokenLength(text[(slash + 1)..]);
        if (subtype == 0)
            return false;
        var end = slash + 1 + subtype;
        var parameters = new ParameterReader(text[end..]);
        while (parameters.MoveNext())
        {
        }
        if (parameters.IsMalformed)
            return false;
        mediaType = new MediaType(text, slash, end);
        return true;
    }

    /// <summary>True when type and subtype are these, in any case.</summary>
    public bool Is(ReadOnlySpan<byte> essence) => Ascii.EqualsIgnoreCase(Essence, essence);

    /// <summary>
    /// The value of the first parameter of that name, in any case, without quotes; false when there is none. Allocates only for a value with escapes in it.
    /// </summary>
    public bool TryGetParameter(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var found = TryGetRawParameter(name, out value);
        value = QuotedString.Content(value);
        return found;
    }

    internal bool TryGetRawParameter(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var parameters = new ParameterReader(Parameters);
        while (parameters.MoveNext())
        {
            if (Ascii.EqualsIgnoreCase(parameters.Name, name))
            {
                value = parameters.Value;
                return true;
            }
        }
        value = default;
        return false;
    }
}
