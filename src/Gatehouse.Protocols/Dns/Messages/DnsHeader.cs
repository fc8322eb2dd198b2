using System.Buffers.Binary;

namespace Gatehouse.Protocols.Dns.Messages;

/// <summary>The first twelve bytes of a message (RFC 1035 section 4.1.1).</summary>
/// <param name="Id">Which query this answers.</param>
/// <param name="Bits">The second 16 bits: flags, kind of query and response code.</param>
/// <param name="QuestionCount">Questions.</param>
/// <param name="AnswerCount">Records of the answer section.</param>
/// <param name="AuthorityCount">Records of the authority section.</param>
/// <param name="AdditionalCount">Records of the additional section.</param>
public readonly record struct DnsHeader(ushort Id, ushort Bits, ushort QuestionCount, ushort AnswerCount, ushort AuthorityCount, ushort AdditionalCount)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 12;

    private const ushort FlagMask = 0x87F0;

    /// <summary>A header without counts, as a writer needs it.</summary>
    public DnsHeader(ushort id, DnsFlags flags, DnsOpcode opcode = DnsOpcode.Query, DnsRcode rcode = DnsRcode.NoError)
        : this(id, (ushort)((ushort)flags | (((int)opcode & 0xF) << 11) | ((int)rcode & 0xF)), 0, 0, 0, 0)
    {
    }

    /// <summary>The flags; the reserved bit Z too, where a peer has set it.</summary>
    public DnsFlags Flags => (DnsFlags)(Bits & FlagMask);

    /// <summary>The kind of query.</summary>
    public DnsOpcode Opcode => (DnsOpcode)((Bits >> 11) & 0xF);

    /// <summary>The response code's lower four bits; EDNS may have further ones.</summary>
    public DnsRcode Rcode => (DnsRcode)(Bits & 0xF);

    /// <summary>True for a response.</summary>
    public bool IsResponse => (Bits & (ushort)DnsFlags.Response) != 0;

    /// <summary>True when it was cut to the size that the transport allows.</summary>
    public bool IsTruncated => (Bits & (ushort)DnsFlags.Truncated) != 0;

    /// <summary>Reads a header; false when there are not twelve bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out DnsHeader header)
    {
        if (message.Length < Size)
        {
            header = default;
            return false;
        }
        header = new DnsHeader(
            BinaryPrimitives.ReadUInt16BigEndian(message), BinaryPrimitives.ReadUInt16BigEndian(message[2..]), BinaryPrimitives.ReadUInt16BigEndian(message[4..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[6..]), BinaryPrimitives.ReadUInt16BigEndian(message[8..]), BinaryPrimitives.ReadUInt16BigEndian(message[10..]));
        return true;
    }

    /// <summary>Writes the twelve bytes.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination[10..], AdditionalCount);
        BinaryPrimitives.WriteUInt16BigEndian(destination[8..], AuthorityCount);
        BinaryPrimitives.WriteUInt16BigEndian(destination[6..], AnswerCount);
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], QuestionCount);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], Bits);
        BinaryPrimitives.WriteUInt16BigEndian(destination, Id);
    }
}
