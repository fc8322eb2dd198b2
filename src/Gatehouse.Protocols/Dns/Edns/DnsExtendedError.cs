using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Gatehouse.Protocols.Dns.Edns;

/// <summary>Why an answer is what it is (RFC 8914).</summary>
/// <param name="Code">The reason by its number in IANA's registry.</param>
/// <param name="Text">Further words of the server; often empty.</param>
public readonly record struct DnsExtendedError(ushort Code, string Text)
{
    // RFC 8914 section 5.2, by number.
    private static readonly string[] Reasons =
    [
        "Other Error", "Unsupported DNSKEY Algorithm", "Unsupported DS Digest Type", "Stale Answer", "Forged Answer", "DNSSEC Indeterminate", "DNSSEC Bogus",
        "Signature Expired", "Signature Not Yet Valid", "DNSKEY Missing", "RRSIGs Missing", "No Zone Key Bit Set", "NSEC Missing", "Cached Error", "Not Ready",
        "Blocked", "Censored", "Filtered", "Prohibited", "Stale NXDOMAIN Answer", "Not Authoritative", "Not Supported", "No Reachable Authority", "Network Error",
        "Invalid Data", "Signature Expired before Valid", "Too Early", "Unsupported NSEC3 Iterations Value", "Unable to conform to policy", "Synthesized",
        "Invalid Query Type",
    ];

    /// <summary>3: a stale answer (RFC 8767).</summary>
    public const ushort StaleAnswer = 3;

    /// <summary>6: the signatures do not hold.</summary>
    public const ushort DnssecBogus = 6;

    /// <summary>13: an error that was kept.</summary>
    public const ushort CachedError = 13;

    /// <summary>15: a block list of the operator's has the name.</summary>
    public const ushort Blocked = 15;

    /// <summary>18: the client may not ask.</summary>
    public const ushort Prohibited = 18;

    /// <summary>19: a stale answer that the name does not exist.</summary>
    public const ushort StaleNXDomain = 19;

    /// <summary>22: no server could be reached.</summary>
    public const ushort NoReachableAuthority = 22;

    /// <summary>23: the network failed.</summary>
    public const ushort NetworkError = 23;

    /// <summary>The reason in the registry's words, or its number.</summary>
    public string Reason => Code < Reasons.Length ? Reasons[Code] : string.Create(CultureInfo.InvariantCulture, $"Error {Code}");

    /// <summary>Reads the option's data; false when it is shorter than two bytes. What is not UTF-8 in the text is replaced.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out DnsExtendedError error)
    {
        error = default;
        if (data.Length < 2)
            return false;
        // RFC 8914 section 2: the text may have a NUL at its end.
        error = new DnsExtendedError(BinaryPrimitives.ReadUInt16BigEndian(data), Encoding.UTF8.GetString(data[2..].TrimEnd((byte)0)));
        return true;
    }

    /// <summary>The option's data.</summary>
    public byte[] ToArray()
    {
        var data = new byte[2 + Encoding.UTF8.GetByteCount(Text)];
        BinaryPrimitives.WriteUInt16BigEndian(data, Code);
        Encoding.UTF8.GetBytes(Text, data.AsSpan(2));
        return data;
    }
}
