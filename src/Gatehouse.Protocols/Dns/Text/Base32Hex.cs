namespace Gatehouse.Protocols.Dns.Text;

/// <summary>Base 32 with the extended hexadecimal alphabet, without padding (RFC 4648 section 7), which keeps the order of what it encodes.</summary>
public static class Base32Hex
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUV";

    /// <summary>Encodes bytes in capital letters.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new char[((bytes.Length * 8) + 4) / 5];
        var (held, bits, at) = (0, 0, 0);
        foreach (var value in bytes)
        {
            held = (held << 8) | value;
            bits += 8;
            for (; bits >= 5; bits -= 5)
                text[at++] = Alphabet[(held >> (bits - 5)) & 31];
            held &= 0xFF;
        }
        if (bits > 0)
            text[at] = Alphabet[(held << (5 - bits)) & 31];
        return new string(text);
    }

    /// <summary>Decodes letters of any case; null when the text is not base 32.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        // 1, 3 and 6 characters over a multiple of eight do not stand for whole bytes.
        if (text.Length % 8 is 1 or 3 or 6)
            return null;
        var bytes = new byte[text.Length * 5 / 8];
        var (held, bits, at) = (0, 0, 0);
        foreach (var c in text)
        {
            var digit = Alphabet.IndexOf(char.ToUpperInvariant(c), StringComparison.Ordinal);
            if (digit < 0)
                return null;
            held = ((held << 5) | digit) & 0xFFFF;
            bits += 5;
            if (bits >= 8)
                bytes[at++] = (byte)(held >> (bits -= 8));
        }
        return bytes;
    }
}
