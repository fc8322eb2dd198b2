using System.Text;

namespace Gatehouse.Protocols.Dns.Names;

/// <summary>
/// Names in presentation format (RFC 1035 section 5.1, RFC 4343 section 2.1): labels parted by dots, \X for a character that would mean something else,
/// \DDD for any byte in decimal. A label with characters beyond ASCII is converted to its A-label.
/// </summary>
public static class DnsNameText
{
    /// <summary>Reads a name; the empty text and a single dot are the root.</summary>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    internal static string? Read(ReadOnlySpan<char> text, Span<byte> wire, out int length)
    {
        length = 0;
        if (!Ascii.IsValid(text))
        {
            if (InternationalName.ToAscii(text, out var ascii) is { } fault)
                return fault;
            text = ascii;
        }
        if (text is ".")
            text = [];
        Span<byte> label = stackalloc byte[DnsWireName.MaxLabel];
        var at = 0;
        while (at < text.Length)
        {
            var count = 0;
            while (at < text.Length && text[at] != '.')
            {
                if (!TryCharacter(text, ref at, out var value))
                    return $"expected a character or three digits up to 255 behind the backslash, found '{text}'";
                if (count == DnsWireName.MaxLabel)
                    return $"expected labels of at most 63 bytes, found a longer one in '{text}'";
                label[count++] = value;
            }
            at++;
            if (count == 0)
                return $"expected a name, found '{text}', which has an empty label";
            if (length + 1 + count + 1 > DnsWireName.MaxLength)
                return $"expected a name of at most 255 bytes, found '{text}'";
            wire[length++] = (byte)count;
            label[..count].CopyTo(wire[length..]);
            length += count;
        }
        wire[length++] = 0;
        return null;
    }

    /// <summary>The text of a name without compression, with a final dot.</summary>
    public static string Format(ReadOnlySpan<byte> wire)
    {
        var text = new StringBuilder(wire.Length);
        Append(text, wire);
        return text.ToString();
    }

    /// <summary>Appends the text of a name without compression, with a final dot.</summary>
    public static void Append(StringBuilder text, ReadOnlySpan<byte> wire)
    {
        if (wire.Length <= 1)
        {
            text.Append('.');
            return;
        }
        for (var at = 0; wire[at] != 0; at += wire[at] + 1)
        {
            foreach (var value in wire.Slice(at + 1, wire[at]))
                AppendCharacter(text, value);
            text.Append('.');
        }
    }

    private static void AppendCharacter(StringBuilder text, byte value)
    {
        switch (value)
        {
            case (byte)'.' or (byte)'\\' or (byte)'"' or (byte)';' or (byte)'(' or (byte)')' or (byte)'@' or (byte)'$':
                text.Append('\\').Append((char)value);
                break;
            case > 0x20 and < 0x7F:
                text.Append((char)value);
                break;
            default:
                text.Append('\\').Append((char)('0' + (value / 100))).Append((char)('0' + (value / 10 % 10))).Append((char)('0' + (value % 10)));
                break;
        }
    }

    /// <summary>Takes a character or an escape.</summary>
    internal static bool TryCharacter(ReadOnlySpan<char> text, ref int at, out byte value)
    {
        value = (byte)text[at];
        if (text[at++] != '\\')
            return value < 0x80;
        if (at == text.Length)
            return false;
        if (!char.IsAsciiDigit(text[at]))
        {
            value = (byte)text[at++];
            return value < 0x80;
        }
        if (at + 3 > text.Length || !char.IsAsciiDigit(text[at + 1]) || !char.IsAsciiDigit(text[at + 2]))
            return false;
        var number = ((text[at] - '0') * 100) + ((text[at + 1] - '0') * 10) + (text[at + 2] - '0');
        at += 3;
        value = (byte)number;
        return number <= 255;
    }
}
