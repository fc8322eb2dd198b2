using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.Dns.Names;
using Gatehouse.Protocols.Dns.Text;

namespace Gatehouse.Fuzz.Targets;

/// <summary>Messages of DNS: both readers agree, what is read is written to be read again, and the text of each record is read as that record.</summary>
internal sealed class DnsMessageTarget : IFuzzTarget
{
    private static readonly string[] Lines =
    [
        "a.example. 60 IN A 192.0.2.1", "a.example. 60 IN MX 10 mx.example.", "a.example. 60 IN TXT \"x\" \"y\"", "x.a.example. 1 IN CNAME y.a.example.",
        "example. 60 IN SOA ns.example. host.example. 1 2 3 4 5", "example. 60 IN NSEC a.example. A NS RRSIG NSEC", "_s._tcp.example. 1 IN SRV 1 2 3 h.example.",
        "example. 1 IN RRSIG A 13 1 60 20300101000000 20200101000000 7 example. AAAA", "a.example. 1 IN HTTPS 1 . alpn=\"h2,h3\" ipv4hint=192.0.2.1",
        "example. 1 IN CAA 0 issue \"ca\"", "example. 1 IN NAPTR 1 2 \"u\" \"s\" \"r\" .", "example. 1 IN LOC 52 14 5.000 N 0 8 50.000 E 10.00m 1.00m 10000.00m 10.00m",
        "example. 1 IN NSEC3 1 1 12 AABBCCDD 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR MX", "example. 1 IN TYPE900 \\# 2 C00C",
    ];

    public string Name => "dns-message";

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            foreach (var part in Lines.Chunk(3).Append(Lines))
            {
                var message = new DnsMessage
                {
                    Header = new DnsHeader(1, DnsFlags.Response),
                    Questions = [new DnsQuestion(DnsName.Parse("a.example"), DnsType.A)],
                    Answers = [.. part.Select(static line => DnsRecordText.TryParse(line, out var record, out var fault) ? record : throw new FormatException(fault))],
                    Edns = new Protocols.Dns.Edns.DnsEdns(1232, true, 0, 0, []),
                };
                var bytes = new byte[4096];
                message.TryWrite(bytes, out var length);
                yield return bytes[..length];
            }
        }
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        var isWhole = DnsMessage.TryRead(input, out var message, out var fault);
        Claim.That(isWhole == (fault is null), "a message that cannot be read has a reason, and no other");
        var reader = new DnsMessageReader(input);
        var records = 0;
        while (reader.TryReadRecord(out var record))
        {
            records++;
            Claim.That(record.Name.Length is > 0 and <= DnsWireName.MaxLength, "a name is as long as a name may be");
            Claim.That(record.Name.Is(record.Name.ToName()), "a name is itself");
            _ = record.TryGetAddress(out _) || record.TryGetTarget(out _);
        }
        Claim.That(!isWhole || reader.Fault is null, "what is read whole can be read in passing");
        if (message is null)
            return;
        Claim.That(records == message.Answers.Count + message.Authorities.Count + message.Additionals.Count + (message.Edns is null ? 0 : 1), "both read as many records");
        foreach (var record in message.Answers)
        {
            Claim.That(DnsRecordText.TryParse(record.ToString(), out var again, out var why), $"the text of a record can be read: {record}: {why}");
            // A bitmap may be written with more bytes than it needs, a type may have an empty parameter list: the text is what must be the same.
            Claim.That(again!.ToString() == record.ToString(), $"the text of a record stays the same: {record}, {again}");
        }
        var bytes = new byte[ushort.MaxValue];
        if (!message.TryWrite(bytes, out var length))
            return;
        Claim.That(DnsMessage.TryRead(bytes.AsSpan(0, length), out var read, out var broken), $"what is written can be read: {broken}");
        // A name that compression points at has the capitals of where it stood first (RFC 4343 section 4.1).
        foreach (var (before, after) in message.Answers.Concat(message.Additionals).Zip(read!.Answers.Concat(read.Additionals)))
            Claim.That(before.ToString().Equals(after.ToString(), StringComparison.OrdinalIgnoreCase), $"what is written is what was read: {before}, {after}");
        Claim.That((read.Answers.Count, read.Additionals.Count) == (message.Answers.Count, message.Additionals.Count), "as many records are written as were read");
    }
}
