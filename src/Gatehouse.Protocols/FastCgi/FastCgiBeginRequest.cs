using System.Buffers.Binary;

namespace Gatehouse.Protocols.FastCgi;

/// <summary>The content of a record of type <see cref="FastCgiRecordType.BeginRequest"/> (FastCGI 1.0 section 5.1).</summary>
/// <param name="Role">What the application shall do.</param>
/// <param name="KeepConnection">True when the application leaves the connection open behind the request.</param>
public readonly record struct FastCgiBeginRequest(FastCgiRole Role, bool KeepConnection)
{
    /// <summary>Bytes of the content.</summary>
    public const int Length = 8;

    /// <summary>Reads the content.</summary>
    public static FastCgiBeginRequest Read(ReadOnlySpan<byte> content) => new((FastCgiRole)BinaryPrimitives.ReadUInt16BigEndian(content), (content[2] & 1) != 0);

    /// <summary>Writes the whole record, sixteen bytes.</summary>
    public void Write(Span<byte> destination, int requestId)
    {
        new FastCgiRecord(FastCgiRecordType.BeginRequest, requestId, Length, 0).Write(destination);
        var content = destination.Slice(FastCgiRecord.HeadLength, Length);
        content.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(content, (ushort)Role);
        content[2] = KeepConnection ? (byte)1 : (byte)0;
    }
}
