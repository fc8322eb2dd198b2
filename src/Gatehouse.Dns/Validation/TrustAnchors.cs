using System.Diagnostics.CodeAnalysis;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.Dns.Names;
using Gatehouse.Protocols.Dns.Text;

namespace Gatehouse.Dns.Validation;

/// <summary>The keys that are trusted without a signature: DS or DNSKEY records of one zone or more, as a rule the root. Immutable.</summary>
public sealed class TrustAnchors
{
    // IANA's keys of the root zone, https://data.iana.org/root-anchors/root-anchors.xml: KSK-2017 and KSK-2024.
    private const string RootText = """
        . DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D
        . DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16
        """;

    private TrustAnchors(IReadOnlyList<DnsRecord> records) => Records = records;

    /// <summary>The root's keys as IANA publishes them.</summary>
    public static TrustAnchors Root { get; } = TryParse(RootText, out var anchors, out _) ? anchors : throw new FormatException("the root's keys");

    /// <summary>The records.</summary>
    public IReadOnlyList<DnsRecord> Records { get; }

    /// <summary>Reads records in presentation format, one on each line, as unbound's trust-anchor-file and BIND's dsset files have them.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out TrustAnchors? anchors, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        anchors = null;
        if (!DnsRecordLines.TryParse(text, out var records, out fault, Refuse))
            return false;
        if (records.Count == 0)
        {
            fault = "expected at least one DS or DNSKEY record, found none";
            return false;
        }
        anchors = new TrustAnchors(records);
        return true;

        static string? Refuse(DnsRecord record) =>
            record.Type is DnsType.DS or DnsType.DNSKEY ? null : $"expected a DS or DNSKEY record, found {DnsTypeNames.NameOf(record.Type)}";
    }

    /// <summary>The zone of the anchor that is nearest above a name; null when it is below none.</summary>
    internal DnsName? ZoneOf(DnsName name)
    {
        DnsName? best = null;
        foreach (var record in Records)
        {
            if (name.IsAtOrBelow(record.Name) && (best is null || record.Name.LabelCount > best.Value.LabelCount))
                best = record.Name;
        }
        return best;
    }
}
