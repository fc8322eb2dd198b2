using Field = Gatehouse.Protocols.Dns.Data.DnsDataField;

namespace Gatehouse.Protocols.Dns.Data;

/// <summary>The parts of each type's data.</summary>
internal static class DnsDataLayout
{
    /// <summary>The parts, in their order; types that are not known are one part of any bytes.</summary>
    internal static ReadOnlySpan<Field> Of(DnsType type) => type switch
    {
        DnsType.A => [Field.IPv4],
        DnsType.AAAA => [Field.IPv6],
        DnsType.NS or DnsType.CNAME or DnsType.PTR => [Field.CompressedName],
        DnsType.SOA => [Field.CompressedName, Field.CompressedName, Field.UInt32, Field.UInt32, Field.UInt32, Field.UInt32, Field.UInt32],
        DnsType.MX => [Field.UInt16, Field.CompressedName],
        DnsType.HINFO => [Field.Text, Field.Text],
        DnsType.TXT or DnsType.SPF => [Field.Texts],
        DnsType.RP => [Field.Name, Field.Name],
        DnsType.AFSDB => [Field.UInt16, Field.Name],
        DnsType.LOC => [Field.Location],
        DnsType.SRV => [Field.UInt16, Field.UInt16, Field.UInt16, Field.Name],
        DnsType.NAPTR => [Field.UInt16, Field.UInt16, Field.Text, Field.Text, Field.Text, Field.Name],
        DnsType.DNAME => [Field.Name],
        DnsType.DS or DnsType.CDS => [Field.UInt16, Field.Byte, Field.Byte, Field.HexRest],
        DnsType.SSHFP => [Field.Byte, Field.Byte, Field.HexRest],
        DnsType.RRSIG => [Field.Type, Field.Byte, Field.Byte, Field.UInt32, Field.Time, Field.Time, Field.UInt16, Field.Name, Field.Base64Rest],
        DnsType.NSEC => [Field.ExactName, Field.TypeBitmap],
        DnsType.DNSKEY or DnsType.CDNSKEY => [Field.UInt16, Field.Byte, Field.Byte, Field.Base64Rest],
        DnsType.NSEC3 => [Field.Byte, Field.Byte, Field.UInt16, Field.Salt, Field.Hash, Field.TypeBitmap],
        DnsType.NSEC3PARAM => [Field.Byte, Field.Byte, Field.UInt16, Field.Salt],
        DnsType.TLSA or DnsType.SMIMEA => [Field.Byte, Field.Byte, Field.Byte, Field.HexRest],
        DnsType.OPENPGPKEY => [Field.Base64Rest],
        DnsType.CSYNC => [Field.UInt32, Field.UInt16, Field.TypeBitmap],
        DnsType.ZONEMD => [Field.UInt32, Field.Byte, Field.Byte, Field.HexRest],
        DnsType.SVCB or DnsType.HTTPS => [Field.UInt16, Field.ExactName, Field.ServiceParameters],
        DnsType.URI => [Field.UInt16, Field.UInt16, Field.TextRest],
        DnsType.CAA => [Field.Byte, Field.Tag, Field.TextRest],
        _ => [Field.Unknown],
    };

    /// <summary>True for types whose data has names, which a message may compress.</summary>
    internal static bool HasNames(DnsType type)
    {
        foreach (var field in Of(type))
        {
            if (field is Field.CompressedName or Field.Name or Field.ExactName)
                return true;
        }
        return false;
    }

    /// <summary>True for types in whose data names are compressed when they are written.</summary>
    internal static bool IsCompressed(DnsType type) => type is DnsType.NS or DnsType.CNAME or DnsType.PTR or DnsType.SOA or DnsType.MX;
}
