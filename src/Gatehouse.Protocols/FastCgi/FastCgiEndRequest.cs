using System.Buffers.Binary;

namespace Gatehouse.Protocols.FastCgi;

/// <summary>The content of a record of type <see cref="FastCgiRecordType.EndRequest"/> (FastCGI 1.0 section 5.5).</summary>
/// <param name="AppStatus">How the application fared: as the exit code of a CGI script.</param>
/// <param name="ProtocolStatus">Whether it did the request at all.</param>
public readonly record struct FastCgiEndRequest(uint AppStatus, FastCgiProtocolStatus ProtocolStatus)
{
    /// <summary>Bytes of the content.</summary>
    public const int Length = 8;

    /// <summary>Reads the content.</summary>
    public static FastCgiEndRequest Read(ReadOnlySpan<byte> content) => new(BinaryPrimitives.ReadUInt32BigEndian(content), (FastCgiProtocolStatus)content[4]);

    /// <summary>Writes the whole record, sixteen bytes.</summary>
    public void Write(Span<byte> destination, int requestId)
    {
        new FastCgiRecord(FastCgiRecordType.EndRequest, requestId, Length, 0).Write(destination);
        var content = destination.Slice(FastCgiRecord.HeadLength, Length);
        content.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(content, AppStatus);
        content[4] = (byte)ProtocolStatus;
    }
}
