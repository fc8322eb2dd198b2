using System.Buffers.Binary;

namespace Gatehouse.Protocols.FastCgi;

/// <summary>The head of a record: eight bytes before its content and padding (FastCGI 1.0 section 3.3).</summary>
/// <param name="Type">Its type, which may be one that nobody has defined.</param>
/// <param name="RequestId">The request that it belongs to; 0 for the connection itself.</param>
/// <param name="ContentLength">Bytes of content, 0 to 65,535.</param>
/// <param name="PaddingLength">Bytes behind the content that mean nothing, 0 to 255.</param>
public readonly record struct FastCgiRecord(FastCgiRecordType Type, int RequestId, int ContentLength, int PaddingLength)
{
    /// <summary>Bytes of the head.</summary>
    public const int HeadLength = 8;

    /// <summary>Bytes of content that a record can have.</summary>
    public const int MaxContent = 65535;

    /// <summary>The one version of the protocol.</summary>
    public const byte Version = 1;

    /// <summary>True for a record that belongs to the connection and not to one of its requests (section 4).</summary>
    public bool IsManagement => RequestId == 0;

    /// <summary>The head of a record whose content is padded to a multiple of eight bytes, as section 3.3 recommends.</summary>
    public static FastCgiRecord Padded(FastCgiRecordType type, int requestId, int contentLength) => new(type, requestId, contentLength, -contentLength & 7);

    /// <summary>Reads a head; false when its version is another.</summary>
    public static bool TryRead(ReadOnlySpan<byte> head, out FastCgiRecord record)
    {
        record = new FastCgiRecord(
            (FastCgiRecordType)head[1], BinaryPrimitives.ReadUInt16BigEndian(head[2..]), BinaryPrimitives.ReadUInt16BigEndian(head[4..]), head[6]);
        return head[0] == Version;
    }

    /// <summary>Writes the head into the first <see cref="HeadLength"/> bytes of <paramref name="destination"/>.</summary>
    public void Write(Span<byte> destination)
    {
        destination[0] = Version;
        destination[1] = (byte)Type;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)RequestId);
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], (ushort)ContentLength);
        destination[6] = (byte)PaddingLength;
        destination[7] = 0;
    }
}
