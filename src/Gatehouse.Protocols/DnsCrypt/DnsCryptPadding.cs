namespace Gatehouse.Protocols.DnsCrypt;

/// <summary>The padding of messages in boxes, of ISO/IEC 7816-4: a byte 0x80, then zeros up to a multiple of 64 bytes.</summary>
public static class DnsCryptPadding
{
    /// <summary>Padded messages are a multiple of this.</summary>
    public const int Block = 64;

    /// <summary>The padded length of a message, at least <paramref name="least"/>.</summary>
    public static int LengthFor(int message, int least = 0) => (Math.Max(message + 1, least) + Block - 1) / Block * Block;

    /// <summary>Pads the message at the start of <paramref name="padded"/> to fill it.</summary>
    public static void Pad(Span<byte> padded, int message)
    {
        padded[message] = 0x80;
        padded[(message + 1)..].Clear();
    }

    /// <summary>Bytes of the message in front of the padding; false when there is none.</summary>
    public static bool TryUnpad(ReadOnlySpan<byte> padded, out int message)
    {
        message = padded.LastIndexOfAnyExcept((byte)0);
        return message >= 0 && padded[message] == 0x80;
    }
}
