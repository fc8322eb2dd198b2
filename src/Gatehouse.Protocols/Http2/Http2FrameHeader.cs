using System.Buffers.Binary;

namespace Gatehouse.Protocols.Http2;

/// <summary>The nine bytes before each frame's content (RFC 9113 section 4.1).</summary>
/// <param name="Length">Bytes of the content.</param>
/// <param name="Type">The frame's type, which may be unknown.</param>
/// <param name="Flags">The flags.</param>
/// <param name="Stream">The stream, 0 for the connection.</param>
public readonly record struct Http2FrameHeader(int Length, Http2FrameType Type, Http2Flags Flags, int Stream)
{
    /// <summary>True when <paramref name="flag"/> is set.</summary>
    public bool Has(Http2Flags flag) => (Flags & flag) != 0;

    /// <summary>Reads the header at the front of <paramref name="bytes"/>; false when there are fewer than nine.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Http2FrameHeader header)
    {
        if (bytes.Length < Http2Protocol.HeaderBytes)
        {
            header = default;
            return false;
        }
        var first = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        header = new Http2FrameHeader(
            (int)(first >> 8),
            (Http2FrameType)(byte)first,
            (Http2Flags)bytes[4],
            (int)(BinaryPrimitives.ReadUInt32BigEndian(bytes[5..]) & 0x7FFF_FFFF));
        return true;
    }

    /// <summary>Writes the header to the front of <paramref name="destination"/>, which has room for nine bytes.</summary>
    public static void Write(Span<byte> destination, int length, Http2FrameType type, Http2Flags flags, int stream)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, ((uint)length << 8) | (byte)type);
        destination[4] = (byte)flags;
        BinaryPrimitives.WriteInt32BigEndian(destination[5..], stream);
    }

    /// <summary>
    /// Checks what can be said of a frame before its content is there: its size, and whether it is of a stream or of the connection (RFC 9113 section 6).
    /// Frames of unknown types are only held to the size.
    /// </summary>
    public Http2Fault Check()
    {
        if (Length > Http2Protocol.FrameBytes)
            return Http2Fault.OfConnection(Http2ErrorCode.FrameSizeError, $"a frame of {Length} bytes; at most {Http2Protocol.FrameBytes} are taken (RFC 9113 section 4.2)");
        switch (Type)
        {
            case Http2FrameType.Data or Http2FrameType.Headers or Http2FrameType.Continuation:
                return OnStream();
            case Http2FrameType.Priority:
                if (Stream == 0)
                    return OnStream();
                return Length == 5 ? default : Http2Fault.OfStream(Http2ErrorCode.FrameSizeError, $"a PRIORITY frame of {Length} bytes; it has 5 (RFC 9113 section 6.3)");
            case Http2FrameType.RstStream:
                return Stream == 0 ? OnStream() : Sized(4);
            case Http2FrameType.WindowUpdate:
                return Sized(4);
            case Http2FrameType.Ping:
                return Stream != 0 ? OnConnection() : Sized(8);
            case Http2FrameType.Settings:
                if (Stream != 0)
                    return OnConnection();
                if (Has(Http2Flags.Ack))
                    return Sized(0);
                return Length % 6 == 0 ? default : WrongSize("a multiple of 6");
            case Http2FrameType.GoAway:
                return Stream != 0 ? OnConnection() : Length >= 8 ? default : WrongSize("at least 8");
            case Http2FrameType.PriorityUpdate:
                return Stream != 0 ? OnConnection() : Length >= 4 ? default : WrongSize("at least 4");
            case Http2FrameType.PushPromise:
                return Http2Fault.OfConnection(Http2ErrorCode.ProtocolError, "a PUSH_PROMISE, which was never allowed (RFC 9113 section 8.4)");
            default:
                return default;
        }
    }

    private Http2Fault OnStream() =>
        Stream != 0 ? default : Http2Fault.OfConnection(Http2ErrorCode.ProtocolError, $"a {Type} frame on stream 0; it belongs to a stream (RFC 9113 section 6)");

    private Http2Fault OnConnection() =>
        Http2Fault.OfConnection(Http2ErrorCode.ProtocolError, $"a {Type} frame on stream {Stream}; it belongs to stream 0 (RFC 9113 section 6)");

    private Http2Fault Sized(int length) => Length == length ? default : WrongSize($"{length}");

    private Http2Fault WrongSize(string expected) =>
        Http2Fault.OfConnection(Http2ErrorCode.FrameSizeError, $"a {Type} frame of {Length} bytes; expected {expected} (RFC 9113 section 6)");
}
