using System.Buffers.Binary;

namespace Gatehouse.Protocols.WebSocket;

/// <summary>The head of a frame (RFC 6455 section 5.2).</summary>
/// <param name="Opcode">What the frame is.</param>
/// <param name="IsFinal">True for the last frame of its message.</param>
/// <param name="IsMasked">True when the payload is masked: all that a client sends, nothing that a server sends.</param>
/// <param name="Mask">The mask, its first byte lowest.</param>
/// <param name="Length">Bytes of the payload.</param>
public readonly record struct WebSocketFrame(WebSocketOpcode Opcode, bool IsFinal, bool IsMasked, uint Mask, long Length)
{
    /// <summary>Bytes of the longest head.</summary>
    public const int MaxHead = 14;

    /// <summary>The most bytes of a control frame's payload (section 5.5).</summary>
    public const int MaxControl = 125;

    /// <summary>True for Close, Ping and Pong, which may stand between the frames of a message.</summary>
    public bool IsControl => (int)Opcode >= 8;

    /// <summary>
    /// Reads a head. The bytes that it has; 0 when more are needed; -1 when there is none: a reserved bit or opcode, a control frame that is too long or in parts,
    /// a length that is not in its shortest form.
    /// </summary>
    public static int TryRead(ReadOnlySpan<byte> bytes, out WebSocketFrame frame)
    {
        frame = default;
        if (bytes.Length < 2)
            return 0;
        var opcode = (WebSocketOpcode)(bytes[0] & 0x0F);
        var isFinal = (bytes[0] & 0x80) != 0;
        var isMasked = (bytes[1] & 0x80) != 0;
        long length = bytes[1] & 0x7F;
        if ((bytes[0] & 0x70) != 0 || opcode is not (<= WebSocketOpcode.Binary or (>= WebSocketOpcode.Close and <= WebSocketOpcode.Pong)))
            return -1;
        if (opcode >= WebSocketOpcode.Close && (!isFinal || length > MaxControl))
            return -1;
        var size = 2 + (length == 126 ? 2 : length == 127 ? 8 : 0);
        var whole = size + (isMasked ? 4 : 0);
        if (bytes.Length < whole)
            return 0;
        if (length == 126)
        {
            length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
            if (length < 126)
                return -1;
        }
        else if (length == 127)
        {
            length = BinaryPrimitives.ReadInt64BigEndian(bytes[2..]);
            if (length <= ushort.MaxValue)
                return -1;
        }
        frame = new WebSocketFrame(opcode, isFinal, isMasked, isMasked ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[size..]) : 0, length);
        return whole;
    }

    /// <summary>Writes the head, in its shortest form, and returns its length.</summary>
    public int Write(Span<byte> target)
    {
        target[0] = (byte)((IsFinal ? 0x80 : 0) | (int)Opcode);
        var size = 2;
        if (Length < 126)
        {
            target[1] = (byte)Length;
        }
        else if (Length <= ushort.MaxValue)
        {
            target[1] = 126;
            BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)Length);
            size = 4;
        }
        else
        {
            target[1] = 127;
            BinaryPrimitives.WriteInt64BigEndian(target[2..], Length);
            size = 10;
        }
        if (!IsMasked)
            return size;
        target[1] |= 0x80;
        BinaryPrimitives.WriteUInt32LittleEndian(target[size..], Mask);
        return size + 4;
    }

    /// <summary>Masks or unmasks <paramref name="data"/>, which begins at <paramref name="offset"/> of the payload (section 5.3).</summary>
    public void ApplyMask(Span<byte> data, long offset)
    {
        for (var i = 0; i < data.Length; i++)
            data[i] ^= (byte)(Mask >> (int)(((offset + i) & 3) * 8));
    }
}
