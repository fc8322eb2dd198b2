using System.Text;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Content;

/// <summary><c>media-type = type "/" subtype parameters</c> (RFC 9110 section 8.3.1) as views into the text it was read from.</summary>
public readonly ref struct MediaType
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly int _slash;

    private MediaType(ReadOnlySpan<byte> text, ReadOnlySpan<byte> essence, int slash)
    {
        _text = text;
        Essence = essence;
        _slash = slash;
    }

    /// <summary>Type, slash and subtype, as written.</summary>
    public ReadOnlySpan<byte> Essence { get; }

    /// <summary>The type, as written.</summary>
    public ReadOnlySpan<byte> Type => Essence[.._slash];

    /// <summary>The subtype, as written.</summary>
    public ReadOnlySpan<byte> Subtype => Essence[(_slash + 1)..];

    /// <summary>The parameters, all of them well formed.</summary>
    public HeaderParameters Parameters => new(_text);

    /// <summary>Reads a media type; false when any part of it, parameters included, breaks the grammar.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out MediaType mediaType)
    {
        mediaType = default;
        var parameters = new HeaderParameters(text);
        var essence = parameters.Item;
        var slash = essence.IndexOf((byte)'/');
        if (slash < 0 || !HeaderSyntax.IsToken(essence[..slash]) || !HeaderSyntax.IsToken(essence[(slash + 1)..]))
            return false;
        while (parameters.MoveNext())
        {
            if (!parameters.IsWellFormed)
                return false;
        }
        mediaType = new MediaType(text, essence, slash);
        return true;
    }

    /// <summary>True when type and subtype are these, in any case.</summary>
    public bool Is(ReadOnlySpan<byte> essence) => Ascii.EqualsIgnoreCase(Essence, essence);

    /// <summary>
    /// The value of the first parameter of that name, in any case, without quotes; false when there is none. Allocates only for a value with escapes in it.
    /// </summary>
    public bool TryGetParameter(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var parameters = Parameters;
        while (parameters.MoveNext())
        {
            if (Ascii.EqualsIgnoreCase(parameters.Name, name))
            {
                value = Plain(parameters.Value);
                return true;
            }
        }
        value = default;
        return false;
    }

    private static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> value)
    {
        if (value[0] != '"')
            return value;
        if (!value.Contains((byte)'\\'))
            return value[1..^1];
        var copy = new byte[value.Length];
        HeaderSyntax.TryUnquote(value, copy, out var written);
        return copy.AsSpan(0, written);
    }
}
