using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Dns.Validation;

/// <summary>The records of one name and type, and the signatures over them: what is signed as one (RFC 4034 section 3).</summary>
internal sealed class RecordSet(DnsName name, DnsType type)
{
    internal DnsName Name => name;

    internal DnsType Type => type;

    internal List<DnsRecord> Records { get; } = [];

    internal List<DnsRecord> Signatures { get; } = [];

    /// <summary>The sets of some records.</summary>
    internal static List<RecordSet> Of(IEnumerable<DnsRecord> records)
    {
        var sets = new List<RecordSet>();
        foreach (var record in records)
        {
            var type = record.Type;
            if (type == DnsType.RRSIG && Protocols.Dns.Data.DnsSignature.TryRead(record.ReadData(), out var signature))
                type = signature.TypeCovered;
            var set = sets.Find(set => set.Type == type && set.Name == record.Name);
            if (set is null)
                sets.Add(set = new RecordSet(record.Name, type));
            (record.Type == DnsType.RRSIG ? set.Signatures : set.Records).Add(record);
        }
        return sets.FindAll(static set => set.Records.Count > 0);
    }

    public override string ToString() => $"{name} {Protocols.Dns.Text.DnsTypeNames.NameOf(type)}";
}
