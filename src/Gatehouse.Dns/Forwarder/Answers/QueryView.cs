using System.Buffers.Binary;
using Gatehouse.Dns.Cache;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Edns;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Dns.Forwarder.Answers;

/// <summary>What a forwarder must know of a query, read in one pass without allocation; the query itself stays where it lies.</summary>
internal struct QueryView
{
    /// <summary>The smallest size of datagrams that every client takes (RFC 1035 section 4.2.1).</summary>
    internal const int PlainUdpSize = 512;

    private const int OptFields = 11;

    internal ushort Id;
    internal DnsFlags Flags;
    internal DnsOpcode Opcode;
    internal DnsType Type;
    internal DnsClass Class;

    /// <summary>Bytes of the name, which begins behind the header.</summary>
    internal int NameLength;

    /// <summary>Behind the question; 0 when it could not be read.</summary>
    internal int QuestionEnd;

    internal bool HasEdns;
    internal bool DnssecOk;
    internal bool AsksForPadding;

    /// <summary>Bytes of the datagrams that the client takes.</summary>
    internal int UdpSize;

    /// <summary>What makes answers to the question differ.</summary>
    internal readonly CacheVariant Variant =>
        (DnssecOk ? CacheVariant.DnssecOk : CacheVariant.None) | ((Flags & DnsFlags.CheckingDisabled) != 0 ? CacheVariant.CheckingDisabled : CacheVariant.None);

    /// <summary>True when the client wants to know whether the answer was validated (RFC 6840 section 5.7).</summary>
    internal readonly bool WantsAuthenticData => DnssecOk || (Flags & DnsFlags.AuthenticData) != 0;

    internal readonly ReadOnlySpan<byte> Name(ReadOnlySpan<byte> query) => query.Slice(DnsHeader.Size, NameLength);

    internal readonly ReadOnlySpan<byte> Question(ReadOnlySpan<byte> query) => query[DnsHeader.Size..QuestionEnd];

    /// <summary>Reads a query.</summary>
    /// <param name="query">The message.</param>
    /// <param name="view">What it says; as much of it as an error must repeat when it is not good.</param>
    internal static QueryVerdict Read(ReadOnlySpan<byte> query, out QueryView view)
    {
        view = default;
        if (!DnsHeader.TryRead(query, out var header) || header.IsResponse)
            return QueryVerdict.Drop;
        view.Id = header.Id;
        view.Flags = header.Flags;
        view.Opcode = header.Opcode;
        view.UdpSize = PlainUdpSize;
        if (header.Opcode != DnsOpcode.Query)
            return QueryVerdict.NotImplemented;
        if (header.QuestionCount != 1 || header.AnswerCount != 0 || header.AuthorityCount != 0 || header.AdditionalCount > 1)
            return QueryVerdict.Malformed;
        var length = DnsWireName.Measure(query[DnsHeader.Size..]);
        var at = DnsHeader.Size + length;
        if (length == 0 || query.Length < at + 4)
            return QueryVerdict.Malformed;
        view.NameLength = length;
        view.Type = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(query[at..]);
        view.Class = (DnsClass)BinaryPrimitives.ReadUInt16BigEndian(query[(at + 2)..]);
        view.QuestionEnd = at + 4;
        if (header.AdditionalCount == 1)
        {
            var verdict = view.ReadEdns(query[view.QuestionEnd..]);
            if (verdict != QueryVerdict.Good)
                return verdict;
        }

        return QueryVerdict.Good;
    }

    /// <summary>A hash of the question and the variant.</summary>
    internal readonly ulong Hash(ReadOnlySpan<byte> query, ulong seed) =>
        DnsWireName.Hash(Name(query), seed ^ ((((ulong)Type << 24) | ((ulong)Class << 8) | (ulong)Variant) * 0x9E37_79B9_7F4A_7C15));

    internal readonly CacheQuestion CacheQuestion(ReadOnlySpan<byte> query) => new(Name(query), Type, Variant);

    private QueryVerdict ReadEdns(ReadOnlySpan<byte> record)
    {
        // NAME 1 | TYPE 2 | CLASS (size) 2 | TTL (extended rcode, version, DO) 4 | RDLEN 2 | options
        if (record.Length < OptFields || record[0] != 0 || BinaryPrimitives.ReadUInt16BigEndian(record[1..]) != (ushort)DnsType.OPT)
            return QueryVerdict.Malformed;
        var length = BinaryPrimitives.ReadUInt16BigEndian(record[9..]);
        if (record.Length < OptFields + length)
            return QueryVerdict.Malformed;
        HasEdns = true;
        UdpSize = Math.Max(PlainUdpSize, (int)BinaryPrimitives.ReadUInt16BigEndian(record[3..]));
        DnssecOk = (record[7] & 0x80) != 0;
        if (record[6] != 0)
            return QueryVerdict.BadVersion;
        var options = record.Slice(OptFields, length);
        while (!options.IsEmpty)
        {
            if (options.Length < 4 || options.Length < 4 + BinaryPrimitives.ReadUInt16BigEndian(options[2..]))
                return QueryVerdict.Malformed;
            AsksForPadding |= BinaryPrimitives.ReadUInt16BigEndian(options) == (ushort)DnsOptionCode.Padding;
            options = options[(4 + BinaryPrimitives.ReadUInt16BigEndian(options[2..]))..];
        }

        return QueryVerdict.Good;
    }
}
