using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.Dns.Text;

namespace Gatehouse.Dns.Tests.Support;

/// <summary>Answers of tests.</summary>
internal static class Messages
{
    /// <summary>The answer to a query, with these records.</summary>
    internal static byte[] Answer(byte[] query, params string[] records) => Answer(query, DnsRcode.NoError, DnsFlags.None, records, []);

    internal static byte[] Answer(byte[] query, DnsRcode rcode, DnsFlags flags, string[] records, string[] authorities)
    {
        var buffer = new byte[65_535];
        var reader = new DnsMessageReader(query);
        Assert.True(reader.TryReadQuestion(out var question));
        var writer = new DnsMessageWriter(buffer, new DnsHeader(reader.Header.Id, DnsFlags.Response | DnsFlags.RecursionAvailable | flags, rcode: rcode));
        Assert.True(writer.TryWriteQuestion(question.Name.ToName().Wire, question.Type, question.Class));
        foreach (var (section, lines) in new[] { (DnsSection.Answer, records), (DnsSection.Authority, authorities) })
        {
            foreach (var line in lines)
            {
                Assert.True(DnsRecordText.TryParse(line, out var record, out var fault), fault);
                Assert.True(writer.TryWriteRecord(section, record.Name.Wire, record.Type, record.Class, record.TimeToLive, record.Data.Span));
            }
        }
        return buffer[..writer.Finish()];
    }

    internal static DnsQuestion Question(string name, DnsType type = DnsType.A) => new(Protocols.Dns.Names.DnsName.Parse(name), type);

    /// <summary>The question of a query.</summary>
    internal static DnsQuestion QuestionOf(byte[] query)
    {
        var reader = new DnsMessageReader(query);
        Assert.True(reader.TryReadQuestion(out var question));
        return new DnsQuestion(question.Name.ToName(), question.Type, question.Class);
    }

    internal static DnsMessage Read(ReadOnlyMemory<byte> bytes)
    {
        Assert.True(DnsMessage.TryRead(bytes.Span, out var message, out var fault), fault);
        return message;
    }
}
