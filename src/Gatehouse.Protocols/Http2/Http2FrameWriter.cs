using System.Buffers.Binary;

namespace Gatehouse.Protocols.Http2;

/// <summary>
/// Writes the frames whose size is known beforehand to the front of a span that has room for them, and returns their size with the header.
/// HEADERS and DATA are a <see cref="Http2FrameHeader"/> around bytes that others write.
/// </summary>
public static class Http2FrameWriter
{
    /// <summary>Bytes of the largest of these frames but SETTINGS.</summary>
    public const int ControlBytes = Http2Protocol.HeaderBytes + 8;

    /// <summary>A SETTINGS frame with these settings (RFC 9113 section 6.5).</summary>
    public static int Settings(Span<byte> to, ReadOnlySpan<(Http2SettingId Id, int Value)> settings)
    {
        Http2FrameHeader.Write(to, settings.Length * 6, Http2FrameType.Settings, Http2Flags.None, 0);
        var at = Http2Protocol.HeaderBytes;
        foreach (var (id, value) in settings)
        {
            BinaryPrimitives.WriteUInt16BigEndian(to[at..], (ushort)id);
            BinaryPrimitives.WriteInt32BigEndian(to[(at + 2)..], value);
            at += 6;
        }
        return at;
    }

    /// <summary>The acknowledgement of the peer's SETTINGS.</summary>
    public static int SettingsAck(Span<byte> to)
    {
        Http2FrameHeader.Write(to, 0, Http2FrameType.Settings, Http2Flags.Ack, 0);
        return Http2Protocol.HeaderBytes;
    }

    /// <summary>A PING, or the answer to one, with these eight bytes (section 6.7).</summary>
    public static int Ping(Span<byte> to, ReadOnlySpan<byte> data, bool isAck)
    {
        Http2FrameHeader.Write(to, 8, Http2FrameType.Ping, isAck ? Http2Flags.Ack : Http2Flags.None, 0);
        data[..8].CopyTo(to[Http2Protocol.HeaderBytes..]);
        return Http2Protocol.HeaderBytes + 8;
    }

    /// <summary>A GOAWAY without further words (section 6.8).</summary>
    public static int GoAway(Span<byte> to, int lastStream, Http2ErrorCode code)
    {
        Http2FrameHeader.Write(to, 8, Http2FrameType.GoAway, Http2Flags.None, 0);
        BinaryPrimitives.WriteInt32BigEndian(to[9..], lastStream);
        BinaryPrimitives.WriteUInt32BigEndian(to[13..], (uint)code);
        return Http2Protocol.HeaderBytes + 8;
    }

    /// <summary>A RST_STREAM (section 6.4).</summary>
    public static int RstStream(Span<byte> to, int stream, Http2ErrorCode code) => Word(to, Http2FrameType.RstStream, stream, (uint)code);

    /// <summary>A WINDOW_UPDATE (section 6.9).</summary>
    public static int WindowUpdate(Span<byte> to, int stream, int increment) => Word(to, Http2FrameType.WindowUpdate, stream, (uint)increment);

    private static int Word(Span<byte> to, Http2FrameType type, int stream, uint word)
    {
        Http2FrameHeader.Write(to, 4, type, Http2Flags.None, stream);
        BinaryPrimitives.WriteUInt32BigEndian(to[Http2Protocol.HeaderBytes..], word);
        return Http2Protocol.HeaderBytes + 4;
    }
}
