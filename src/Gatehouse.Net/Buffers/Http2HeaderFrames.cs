using Gatehouse.Protocols.Http2;

namespace Gatehouse.Net.Buffers;

/// <summary>Makes HEADERS and CONTINUATION frames of a field block (RFC 9113 section 6.10) that was written into reserved room of an output.</summary>
public static class Http2HeaderFrames
{
    /// <summary>
    /// Commits the block that ends at <paramref name="end"/> of <paramref name="room"/> and begins behind the room for one frame's header.
    /// </summary>
    public static void Commit(OutputBuffer output, Span<byte> room, int end, int stream, bool isEnd)
    {
        ArgumentNullException.ThrowIfNull(output);
        var length = end - Http2Protocol.HeaderBytes;
        var flags = isEnd ? Http2Flags.EndStream : Http2Flags.None;
        if (length <= Http2Protocol.FrameBytes)
        {
            Http2FrameHeader.Write(room, length, Http2FrameType.Headers, flags | Http2Flags.EndHeaders, stream);
            output.Commit(end);
            return;
        }
        var block = room[Http2Protocol.HeaderBytes..end].ToArray();
        Http2FrameHeader.Write(room, Http2Protocol.FrameBytes, Http2FrameType.Headers, flags, stream);
        output.Commit(Http2Protocol.HeaderBytes + Http2Protocol.FrameBytes);
        for (var at = Http2Protocol.FrameBytes; at < length;)
        {
            var part = Math.Min(length - at, Http2Protocol.FrameBytes);
            room = output.Reserve(Http2Protocol.HeaderBytes + part);
            Http2FrameHeader.Write(room, part, Http2FrameType.Continuation, at + part == length ? Http2Flags.EndHeaders : Http2Flags.None, stream);
            block.AsSpan(at, part).CopyTo(room[Http2Protocol.HeaderBytes..]);
            output.Commit(Http2Protocol.HeaderBytes + part);
            at += part;
        }
    }
}
