using System.Collections.Frozen;
using System.Globalization;

namespace Gatehouse.Protocols.Dns.Text;

/// <summary>The text of types, classes and response codes: their mnemonics, and TYPE123, CLASS123 and RCODE123 for those without (RFC 3597 section 5).</summary>
public static class DnsTypeNames
{
    private static readonly (DnsType Type, string Name)[] Known =
    [
        (DnsType.A, "A"),
        (DnsType.NS, "NS"),
        (DnsType.CNAME, "CNAME"),
        (DnsType.SOA, "SOA"),
        (DnsType.PTR, "PTR"),
        (DnsType.HINFO, "HINFO"),
        (DnsType.MX, "MX"),
        (DnsType.TXT, "TXT"),
        (DnsType.RP, "RP"),
        (DnsType.AFSDB, "AFSDB"),
        (DnsType.AAAA, "AAAA"),
        (DnsType.LOC, "LOC"),
        (DnsType.SRV, "SRV"),
        (DnsType.NAPTR, "NAPTR"),
        (DnsType.DNAME, "DNAME"),
        (DnsType.OPT, "OPT"),
        (DnsType.DS, "DS"),
        (DnsType.SSHFP, "SSHFP"),
        (DnsType.RRSIG, "RRSIG"),
        (DnsType.NSEC, "NSEC"),
        (DnsType.DNSKEY, "DNSKEY"),
        (DnsType.NSEC3, "NSEC3"),
        (DnsType.NSEC3PARAM, "NSEC3PARAM"),
        (DnsType.TLSA, "TLSA"),
        (DnsType.SMIMEA, "SMIMEA"),
        (DnsType.CDS, "CDS"),
        (DnsType.CDNSKEY, "CDNSKEY"),
        (DnsType.OPENPGPKEY, "OPENPGPKEY"),
        (DnsType.CSYNC, "CSYNC"),
        (DnsType.ZONEMD, "ZONEMD"),
        (DnsType.SVCB, "SVCB"),
        (DnsType.HTTPS, "HTTPS"),
        (DnsType.SPF, "SPF"),
        (DnsType.IXFR, "IXFR"),
        (DnsType.AXFR, "AXFR"),
        (DnsType.ANY, "ANY"),
        (DnsType.URI, "URI"),
        (DnsType.CAA, "CAA"),
    ];

    private static readonly FrozenDictionary<ushort, string> ByType = Known.ToFrozenDictionary(known => (ushort)known.Type, known => known.Name);

    private static readonly FrozenDictionary<string, DnsType> ByName =
        Known.ToFrozenDictionary(known => known.Name, known => known.Type, StringComparer.OrdinalIgnoreCase);

    /// <summary>The mnemonic of a type, or TYPE and its number.</summary>
    public static string NameOf(DnsType type) =>
        ByType.TryGetValue((ushort)type, out var name) ? name : string.Create(CultureInfo.InvariantCulture, $"TYPE{(ushort)type}");

    /// <summary>The mnemonic of a class, or CLASS and its number.</summary>
    public static string NameOf(DnsClass @class) => @class switch
    {
        DnsClass.IN => "IN",
        DnsClass.CH => "CH",
        DnsClass.HS => "HS",
        DnsClass.None => "NONE",
        DnsClass.Any => "ANY",
        _ => string.Create(CultureInfo.InvariantCulture, $"CLASS{(ushort)@class}"),
    };

    /// <summary>The mnemonic of a response code, or RCODE and its number.</summary>
    public static string NameOf(DnsRcode rcode) => rcode switch
    {
        DnsRcode.NoError => "NOERROR",
        DnsRcode.FormErr => "FORMERR",
        DnsRcode.ServFail => "SERVFAIL",
        DnsRcode.NXDomain => "NXDOMAIN",
        DnsRcode.NotImp => "NOTIMP",
        DnsRcode.Refused => "REFUSED",
        DnsRcode.YXDomain => "YXDOMAIN",
        DnsRcode.YXRRSet => "YXRRSET",
        DnsRcode.NXRRSet => "NXRRSET",
        DnsRcode.NotAuth => "NOTAUTH",
        DnsRcode.NotZone => "NOTZONE",
        DnsRcode.BadVers => "BADVERS",
        DnsRcode.BadCookie => "BADCOOKIE",
        _ => string.Create(CultureInfo.InvariantCulture, $"RCODE{(ushort)rcode}"),
    };

    /// <summary>Reads a mnemonic, in any case, or TYPE and a number.</summary>
    public static bool TryParseType(ReadOnlySpan<char> text, out DnsType type)
    {
        if (ByName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out type))
            return true;
        return TryParseNumber(text, "TYPE", out var number) && (type = (DnsType)number) is var _;
    }

    /// <summary>Reads IN, CH, HS, NONE or ANY, in any case, or CLASS and a number.</summary>
    public static bool TryParseClass(ReadOnlySpan<char> text, out DnsClass @class)
    {
        @class = default;
        foreach (var known in (ReadOnlySpan<DnsClass>)[DnsClass.IN, DnsClass.CH, DnsClass.HS, DnsClass.None, DnsClass.Any])
        {
            if (!text.Equals(NameOf(known), StringComparison.OrdinalIgnoreCase))
                continue;
            @class = known;
            return true;
        }
        return TryParseNumber(text, "CLASS", out var number) && (@class = (DnsClass)number) is var _;
    }

    private static bool TryParseNumber(ReadOnlySpan<char> text, string prefix, out ushort number)
    {
        number = 0;
        return text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            && ushort.TryParse(text[prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
