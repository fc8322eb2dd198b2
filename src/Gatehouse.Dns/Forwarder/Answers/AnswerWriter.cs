using System.Buffers.Binary;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Edns;
using Gatehouse.Protocols.Dns.Messages;

namespace Gatehouse.Dns.Forwarder.Answers;

/// <summary>Makes the answer that one client gets: its id, its question with its capitals, EDNS where it has EDNS, and no more than it takes.</summary>
internal static class AnswerWriter
{
    /// <summary>Nothing to say of why an answer is what it is.</summary>
    internal const int NoReason = -1;

    /// <summary>What this server takes over UDP, as DNS flag day 2020 has it.</summary>
    internal const ushort UdpSize = DnsEdns.DefaultUdpSize;

    // RFC 8467 section 4.1.
    private const int PaddingBlock = 468;
    private const int OptSize = 11;
    private const int ReasonSize = 6;
    private const ushort OfClient = (ushort)(DnsFlags.RecursionDesired | DnsFlags.CheckingDisabled);

    /// <summary>Makes a message without EDNS the answer to a client's query.</summary>
    /// <param name="answer">The message, with the question of the query, and room behind it.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="query">The query.</param>
    /// <param name="view">What it says.</param>
    /// <param name="limit">Bytes that the answer may have; what does not fit is cut (TC).</param>
    /// <param name="reason">Why it is what it is (RFC 8914), or <see cref="NoReason"/>.</param>
    /// <returns>Bytes of the answer.</returns>
    internal static int Finish(Span<byte> answer, int length, ReadOnlySpan<byte> query, in QueryView view, int limit, int reason)
    {
        limit = Math.Min(limit, answer.Length);
        var bits = BinaryPrimitives.ReadUInt16BigEndian(answer[2..]);
        bits = (ushort)((bits & ~(OfClient | (ushort)DnsFlags.Authoritative)) | (ushort)DnsFlags.Response | (ushort)DnsFlags.RecursionAvailable | ((ushort)view.Flags & OfClient));
        if (!view.WantsAuthenticData)
            bits = (ushort)(bits & ~(ushort)DnsFlags.AuthenticData);
        var edns = view.HasEdns ? OptSize + (reason == NoReason ? 0 : ReasonSize) : 0;
        if (length + edns > limit)
        {
            length = view.QuestionEnd;
            bits |= (ushort)DnsFlags.Truncated;
            answer[6..DnsHeader.Size].Clear();
        }

        view.Question(query).CopyTo(answer[DnsHeader.Size..]);
        BinaryPrimitives.WriteUInt16BigEndian(answer, view.Id);
        BinaryPrimitives.WriteUInt16BigEndian(answer[2..], bits);
        if (!view.HasEdns || length + edns > answer.Length)
            return length;
        BinaryPrimitives.WriteUInt16BigEndian(answer[10..], (ushort)(BinaryPrimitives.ReadUInt16BigEndian(answer[10..]) + 1));
        return WriteEdns(answer, length, view, reason, limit, extendedRcode: 0);
    }

    /// <summary>Begins a message that this server answers itself: header and question.</summary>
    internal static int Begin(ReadOnlySpan<byte> query, in QueryView view, DnsRcode rcode, Span<byte> answer)
    {
        query[..view.QuestionEnd].CopyTo(answer);
        new DnsHeader(view.Id, (ushort)((ushort)DnsFlags.Response | (ushort)rcode), 1, 0, 0, 0).Write(answer);
        return view.QuestionEnd;
    }

    /// <summary>Puts a record of the question's name behind a message.</summary>
    internal static int AddRecord(Span<byte> answer, int length, in QueryView view, uint ttl, ReadOnlySpan<byte> data)
    {
        // NAME (a pointer to the question's) 2 | TYPE 2 | CLASS 2 | TTL 4 | RDLEN 2 | data
        var record = answer[length..];
        BinaryPrimitives.WriteUInt16BigEndian(record, 0xC000 | DnsHeader.Size);
        BinaryPrimitives.WriteUInt16BigEndian(record[2..], (ushort)view.Type);
        BinaryPrimitives.WriteUInt16BigEndian(record[4..], (ushort)view.Class);
        BinaryPrimitives.WriteUInt32BigEndian(record[6..], ttl);
        BinaryPrimitives.WriteUInt16BigEndian(record[10..], (ushort)data.Length);
        data.CopyTo(record[12..]);
        BinaryPrimitives.WriteUInt16BigEndian(answer[6..], (ushort)(BinaryPrimitives.ReadUInt16BigEndian(answer[6..]) + 1));
        return length + 12 + data.Length;
    }

    /// <summary>Writes an error without records.</summary>
    internal static int WriteError(ReadOnlySpan<byte> query, in QueryView view, DnsRcode rcode, int reason, Span<byte> answer)
    {
        var at = Math.Max(view.QuestionEnd, DnsHeader.Size);
        query[DnsHeader.Size..at].CopyTo(answer[DnsHeader.Size..]);
        var bits = (ushort)((ushort)DnsFlags.Response | ((ushort)view.Opcode << 11) | ((ushort)view.Flags & OfClient)
            | (ushort)DnsFlags.RecursionAvailable | ((ushort)rcode & 0xF));
        new DnsHeader(view.Id, bits, (ushort)(at > DnsHeader.Size ? 1 : 0), 0, 0, (ushort)(view.HasEdns ? 1 : 0)).Write(answer);
        return view.HasEdns ? WriteEdns(answer, at, view, reason, answer.Length, (int)rcode >> 4) : at;
    }

    /// <summary>Writes an empty answer that has the client ask again over TCP.</summary>
    internal static int WriteTruncated(ReadOnlySpan<byte> query, in QueryView view, Span<byte> answer)
    {
        var length = WriteError(query, view, DnsRcode.NoError, NoReason, answer);
        answer[2] |= (byte)((ushort)DnsFlags.Truncated >> 8);
        return length;
    }

    private static int WriteEdns(Span<byte> answer, int at, in QueryView view, int reason, int limit, int extendedRcode)
    {
        var opt = answer.Slice(at, OptSize);
        opt[0] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(opt[1..], (ushort)DnsType.OPT);
        BinaryPrimitives.WriteUInt16BigEndian(opt[3..], UdpSize);
        BinaryPrimitives.WriteUInt32BigEndian(opt[5..], ((uint)extendedRcode << 24) | (view.DnssecOk ? 0x8000u : 0));
        var options = at += OptSize;
        if (reason != NoReason)
        {
            BinaryPrimitives.WriteUInt16BigEndian(answer[at..], (ushort)DnsOptionCode.ExtendedError);
            BinaryPrimitives.WriteUInt16BigEndian(answer[(at + 2)..], 2);
            BinaryPrimitives.WriteUInt16BigEndian(answer[(at + 4)..], (ushort)reason);
            at += ReasonSize;
        }

        if (view.AsksForPadding)
            at = Pad(answer, at, limit);
        BinaryPrimitives.WriteUInt16BigEndian(opt[9..], (ushort)(at - options));
        return at;
    }

    private static int Pad(Span<byte> answer, int at, int limit)
    {
        var end = (at + 4 + PaddingBlock - 1) / PaddingBlock * PaddingBlock;
        if (end > limit)
            return at;
        BinaryPrimitives.WriteUInt16BigEndian(answer[at..], (ushort)DnsOptionCode.Padding);
        BinaryPrimitives.WriteUInt16BigEndian(answer[(at + 2)..], (ushort)(end - at - 4));
        answer[(at + 4)..end].Clear();
        return end;
    }
}
