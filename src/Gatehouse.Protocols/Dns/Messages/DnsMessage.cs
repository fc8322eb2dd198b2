using System.Diagnostics.CodeAnalysis;
using Gatehouse.Protocols.Dns.Edns;

namespace Gatehouse.Protocols.Dns.Messages;

/// <summary>A whole message as values, for who shows or examines one; the path of a query reads and writes where the bytes lie.</summary>
public sealed class DnsMessage
{
    /// <summary>The header, with the counts of what was read.</summary>
    public required DnsHeader Header { get; init; }

    /// <summary>The questions: in practice one.</summary>
    public IReadOnlyList<DnsQuestion> Questions { get; init; } = [];

    /// <summary>Records that answer the question.</summary>
    public IReadOnlyList<DnsRecord> Answers { get; init; } = [];

    /// <summary>Records of the authority.</summary>
    public IReadOnlyList<DnsRecord> Authorities { get; init; } = [];

    /// <summary>Further records; OPT is not among them, see <see cref="Edns"/>.</summary>
    public IReadOnlyList<DnsRecord> Additionals { get; init; } = [];

    /// <summary>What the message says by EDNS; null when it has no OPT record.</summary>
    public DnsEdns? Edns { get; init; }

    /// <summary>The response code, with the bits that EDNS adds.</summary>
    public DnsRcode Rcode => (DnsRcode)((int)Header.Rcode | ((Edns?.ExtendedRcode ?? 0) << 4));

    /// <summary>Reads a message whole.</summary>
    /// <param name="bytes">The message.</param>
    /// <param name="message">Its parts.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out DnsMessage? message, [NotNullWhen(false)] out string? fault)
    {
        message = null;
        var reader = new DnsMessageReader(bytes);
        var questions = new List<DnsQuestion>(1);
        while (reader.TryReadQuestion(out var question))
            questions.Add(new DnsQuestion(question.Name.ToName(), question.Type, question.Class));
        List<DnsRecord>[] sections = [[], [], []];
        DnsEdns? edns = null;
        while (reader.TryReadRecord(out var record))
        {
            if (record.Type == DnsType.OPT)
            {
                // RFC 6891 section 6.1.1: a second OPT is a FORMERR, and so is one elsewhere.
                fault = edns is not null ? "expected one OPT record, found a second" : DnsEdns.Read(record, out edns);
                if (fault is not null)
                    return false;
            }
            else if (record.TryCopy(out var copy))
                sections[(int)record.Section].Add(copy);
            else
            {
                fault = $"expected the data of a {Text.DnsTypeNames.NameOf(record.Type)} record, found {record.Data.Length} bytes that are not";
                return false;
            }
        }
        fault = reader.Fault;
        if (fault is not null)
            return false;
        message = new DnsMessage
        {
            Header = reader.Header,
            Questions = questions,
            Answers = sections[0],
            Authorities = sections[1],
            Additionals = sections[2],
            Edns = edns,
        };
        return true;
    }

    /// <summary>Writes the message with compression; false when <paramref name="destination"/> has not the room.</summary>
    public bool TryWrite(Span<byte> destination, out int length)
    {
        length = 0;
        if (destination.Length < DnsHeader.Size)
            return false;
        var writer = new DnsMessageWriter(destination, Header);
        foreach (var question in Questions)
        {
            if (!writer.TryWriteQuestion(question.Name.Wire, question.Type, question.Class))
                return false;
        }
        foreach (var (section, records) in (ReadOnlySpan<(DnsSection, IReadOnlyList<DnsRecord>)>)
            [(DnsSection.Answer, Answers), (DnsSection.Authority, Authorities), (DnsSection.Additional, Additionals)])
        {
            foreach (var record in records)
            {
                if (!writer.TryWriteRecord(section, record.Name.Wire, record.Type, record.Class, record.TimeToLive, record.Data.Span))
                    return false;
            }
        }
        if (Edns is not null && !Edns.TryWrite(ref writer))
            return false;
        length = writer.Finish();
        return true;
    }
}
