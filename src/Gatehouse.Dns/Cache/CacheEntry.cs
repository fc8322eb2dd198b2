using System.Buffers.Binary;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Messages;

namespace Gatehouse.Dns.Cache;

/// <summary>
/// An answer as it is kept: the header's second 16 bits, the three counts of records, the records as they came. The question is the entry's key, and since
/// it has the same length in every message for that name, the records' pointers hold.
/// </summary>
internal static class CacheEntry
{
    private const int FixedBytes = 8;

    /// <summary>Packs an answer and returns its bytes; 0 when it cannot be kept.</summary>
    /// <remarks>
    /// Of a positive answer without signatures only the answer section is kept: nobody asked for the rest.
    /// </remarks>
    internal static int Pack(in CacheQuestion question, ReadOnlySpan<byte> message, bool isNegative, Span<byte> stored)
    {
        var reader = new DnsMessageReader(message);
        if (!reader.TryReadQuestion(out var asked) || reader.Header.QuestionCount != 1 || asked.Type != question.Type || !asked.Name.Is(question.Name))
            return 0;
        var start = reader.Position;
        var keepsAll = isNegative || (question.Variant & CacheVariant.DnssecOk) != 0;
        Span<ushort> counts = [0, 0, 0];
        var end = start;
        var hasOptInside = false;
        var optSeen = false;
        while (reader.TryReadRecord(out var record))
        {
            if (record.Type == DnsType.OPT)
            {
                optSeen = true;
                continue;
            }
            if (!keepsAll && record.Section != DnsSection.Answer)
                break;
            hasOptInside |= optSeen;
            counts[(int)record.Section]++;
            end = reader.Position;
        }
        if (reader.Fault is not null)
            return 0;
        if (hasOptInside)
            return Repack(question, message, stored);
        Write(reader.Header.Bits, counts, stored);
        message[start..end].CopyTo(stored[FixedBytes..]);
        return FixedBytes + end - start;
    }

    /// <summary>Writes a message of what is kept and returns its length; 0 when it does not fit.</summary>
    internal static int Unpack(in CacheQuestion question, ReadOnlySpan<byte> stored, Span<byte> message)
    {
        var questionLength = question.Name.Length + 4;
        var length = DnsHeader.Size + questionLength + stored.Length - FixedBytes;
        if (stored.Length < FixedBytes || message.Length < length)
            return 0;
        message[..2].Clear();
        stored[..2].CopyTo(message[2..]);
        BinaryPrimitives.WriteUInt16BigEndian(message[4..], 1);
        stored[2..FixedBytes].CopyTo(message[6..]);
        question.Name.CopyTo(message[DnsHeader.Size..]);
        var at = DnsHeader.Size + question.Name.Length;
        BinaryPrimitives.WriteUInt16BigEndian(message[at..], (ushort)question.Type);
        BinaryPrimitives.WriteUInt16BigEndian(message[(at + 2)..], (ushort)DnsClass.IN);
        stored[FixedBytes..].CopyTo(message[(at + 4)..]);
        return length;
    }

    // An OPT record between others: they move, and are written anew.
    private static int Repack(in CacheQuestion question, ReadOnlySpan<byte> message, Span<byte> stored)
    {
        var buffer = new byte[message.Length + 1024];
        var reader = new DnsMessageReader(message);
        var writer = new DnsMessageWriter(buffer, reader.Header);
        if (!writer.TryWriteQuestion(question.Name, question.Type))
            return 0;
        var start = writer.Length;
        while (reader.TryReadRecord(out var record))
        {
            if (record.Type != DnsType.OPT && !writer.TryWriteRecord(record.Section, record, record.TimeToLive))
                return 0;
        }
        var length = writer.Finish();
        DnsHeader.TryRead(buffer, out var header);
        if (FixedBytes + length - start > stored.Length)
            return 0;
        Write(header.Bits, [header.AnswerCount, header.AuthorityCount, header.AdditionalCount], stored);
        buffer.AsSpan(start, length - start).CopyTo(stored[FixedBytes..]);
        return FixedBytes + length - start;
    }

    private static void Write(ushort bits, ReadOnlySpan<ushort> counts, Span<byte> stored)
    {
        // Whoever gives it on is no authority.
        BinaryPrimitives.WriteUInt16BigEndian(stored, (ushort)(bits & ~(ushort)DnsFlags.Authoritative));
        for (var i = 0; i < counts.Length; i++)
            BinaryPrimitives.WriteUInt16BigEndian(stored[(2 + (2 * i))..], counts[i]);
    }
}
