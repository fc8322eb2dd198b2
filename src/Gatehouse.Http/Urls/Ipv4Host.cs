using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Gatehouse.Http.Urls;

/// <summary>The IPv4 parser of the WHATWG URL standard, section 3.5, with the number forms of inet_aton: 0x7f.1, 017700000001, 2130706433.</summary>
internal static class Ipv4Host
{
    /// <summary>True when the last label, but for an empty one at the end, is a number: then nothing but an IPv4 address will do.</summary>
    public static bool EndsInNumber(string domain)
    {
        var labels = WithoutLastEmpty(domain.Split('.'));
        if (labels is not [.., { Length: > 0 } last])
            return false;
        return last.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 || TryParseNumber(last, out _);
    }

    /// <summary>Parses one to four numbers, the last of which fills what the others leave, and gives the usual four.</summary>
    public static bool TryParse(string domain, [NotNullWhen(true)] out string? address)
    {
        address = null;
        var labels = WithoutLastEmpty(domain.Split('.'));
        if (labels.Length > 4)
            return false;
        long value = 0;
        for (var index = 0; index < labels.Length; index++)
        {
            var isLast = index == labels.Length - 1;
            var bits = isLast ? 8 * (4 - index) : 8;
            if (!TryParseNumber(labels[index], out var number) || number >= 1L << bits)
                return false;
            value |= isLast ? number : number << (8 * (3 - index));
        }
        address = string.Create(CultureInfo.InvariantCulture, $"{value >> 24}.{(value >> 16) & 255}.{(value >> 8) & 255}.{value & 255}");
        return true;
    }

    private static string[] WithoutLastEmpty(string[] labels) => labels.Length > 1 && labels[^1].Length == 0 ? labels[..^1] : labels;

    // A number that is too long for 32 bits is one all the same; 2^32 stands for it.
    private static bool TryParseNumber(string text, out long number)
    {
        number = 0;
        var (radix, digits) = text switch
        {
            ['0', 'x' or 'X', ..] => (16, text[2..]),
            ['0', _, ..] => (8, text[1..]),
            _ => (10, text),
        };
        foreach (var character in digits)
        {
            var digit = char.IsAsciiHexDigit(character) ? Uri.FromHex(character) : radix;
            if (digit >= radix)
                return false;
            number = Math.Min((number * radix) + digit, 1L << 32);
        }
        return text.Length > 0;
    }
}
