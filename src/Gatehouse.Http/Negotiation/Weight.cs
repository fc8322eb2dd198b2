using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Negotiation;

/// <summary>
/// <c>qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )</c> (RFC 9110 section 12.4.2), as thousandths.
/// </summary>
internal static class Weight
{
    /// <summary>The weight of what names none: 1.</summary>
    public const int Full = 1000;

    public static bool TryParse(ReadOnlySpan<byte> text, out int thousandths)
    {
        thousandths = 0;
        if (text.Length is 0 or > 5 || text[0] is not ((byte)'0' or (byte)'1') || (text.Length > 1 && text[1] != '.'))
            return false;
        thousandths = (text[0] - '0') * Full;
        var unit = 100;
        for (var i = 2; i < text.Length; i++, unit /= 10)
        {
            if (!char.IsAsciiDigit((char)text[i]))
                return false;
            thousandths += (text[i] - '0') * unit;
        }
        return thousandths <= Full;
    }

    public static bool IsName(ReadOnlySpan<byte> name) => name.Length == 1 && (name[0] | 0x20) == 'q';

    /// <summary>Reads <c>token [ weight ]</c>, whose only parameter is the weight; false when <paramref name="member"/> is anything else.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> member, out ReadOnlySpan<byte> token, out int thousandths)
    {
        thousandths = Full;
        var parameters = new HeaderParameters(member);
        token = parameters.Item;
        if (!HeaderSyntax.IsToken(token))
            return false;
        return !parameters.MoveNext() || (IsName(parameters.Name) && TryParse(parameters.Value, out thousandths) && !parameters.MoveNext());
    }
}
