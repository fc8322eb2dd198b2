using System.Buffers.Binary;

namespace Gatehouse.Protocols.Http2;

/// <summary>Finds the parts of a frame's content (RFC 9113 section 6). Sizes were checked by <see cref="Http2FrameHeader.Check"/>.</summary>
public static class Http2FramePayload
{
    /// <summary>The data of a DATA frame, or the fragment of the field block of a HEADERS frame, without padding and priority.</summary>
    public static Http2Fault Unwrap(Http2FrameHeader header, ReadOnlySpan<byte> payload, out ReadOnlySpan<byte> content)
    {
        content = payload;
        var padding = 0;
        if (header.Has(Http2Flags.Padded))
        {
            if (content.IsEmpty)
                return Http2Fault.OfConnection(Http2ErrorCode.FrameSizeError, $"a padded {header.Type} frame without the length of its padding");
            padding = content[0];
            content = content[1..];
        }
        if (header.Type == Http2FrameType.Headers && header.Has(Http2Flags.Priority))
        {
            if (content.Length < 5)
                return Http2Fault.OfConnection(Http2ErrorCode.FrameSizeError, "a HEADERS frame too short for its priority (RFC 9113 section 6.2)");
            if (Id(content) == header.Stream)
                return Http2Fault.OfStream(Http2ErrorCode.ProtocolError, "a stream that depends on itself (RFC 7540 section 5.3.1)");
            content = content[5..];
        }
        if (padding > content.Length)
            return Http2Fault.OfConnection(Http2ErrorCode.ProtocolError, $"padding as long as the content of its {header.Type} frame or longer (RFC 9113 section 6.1)");
        content = content[..^padding];
        return default;
    }

    /// <summary>The identifier of a stream, or the increment of a window, at the front of <paramref name="payload"/>: 31 bits.</summary>
    public static int Id(ReadOnlySpan<byte> payload) => (int)(BinaryPrimitives.ReadUInt32BigEndian(payload) & 0x7FFF_FFFF);

    /// <summary>The error code at <paramref name="offset"/> of a RST_STREAM or GOAWAY frame.</summary>
    public static Http2ErrorCode ErrorCode(ReadOnlySpan<byte> payload, int offset = 0) =>
        (Http2ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(payload[offset..]);
}
