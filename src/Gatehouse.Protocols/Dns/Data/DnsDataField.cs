namespace Gatehouse.Protocols.Dns.Data;

/// <summary>What a part of a record's data is: one walk over these reads, writes, compares and shows the data of every type.</summary>
internal enum DnsDataField : byte
{
    /// <summary>A name that may be compressed when it is written, and is in small letters in canonical form: types of RFC 1035.</summary>
    CompressedName,

    /// <summary>A name that is not compressed when it is written, and is in small letters in canonical form (RFC 4034 section 6.2).</summary>
    Name,

    /// <summary>A name that is left as it is (RFC 6840 section 5.1, RFC 9460 section 2.2).</summary>
    ExactName,

    /// <summary>A byte in decimal.</summary>
    Byte,

    /// <summary>Two bytes in decimal.</summary>
    UInt16,

    /// <summary>Four bytes in decimal.</summary>
    UInt32,

    /// <summary>A type by its mnemonic.</summary>
    Type,

    /// <summary>Seconds since 1970 as YYYYMMDDHHmmSS (RFC 4034 section 3.2).</summary>
    Time,

    /// <summary>Four bytes of an IPv4 address.</summary>
    IPv4,

    /// <summary>Sixteen bytes of an IPv6 address.</summary>
    IPv6,

    /// <summary>A length and that many bytes, in quotes.</summary>
    Text,

    /// <summary>A length and that many letters and digits, without quotes (the tag of CAA).</summary>
    Tag,

    /// <summary>One or more of <see cref="Text"/> up to the end.</summary>
    Texts,

    /// <summary>All that is left, in quotes.</summary>
    TextRest,

    /// <summary>All that is left in hexadecimal.</summary>
    HexRest,

    /// <summary>All that is left in base 64.</summary>
    Base64Rest,

    /// <summary>A length and that many bytes in hexadecimal, or - for none (RFC 5155 section 3.3).</summary>
    Salt,

    /// <summary>A length and that many bytes in base 32 with the extended alphabet (RFC 5155 section 3.3).</summary>
    Hash,

    /// <summary>Types as windows of bits, up to the end (RFC 4034 section 4.1.2).</summary>
    TypeBitmap,

    /// <summary>Parameters of a service, up to the end (RFC 9460 section 2.2).</summary>
    ServiceParameters,

    /// <summary>Sixteen bytes of a place on earth (RFC 1876).</summary>
    Location,

    /// <summary>Any bytes, in the form of RFC 3597.</summary>
    Unknown,
}
