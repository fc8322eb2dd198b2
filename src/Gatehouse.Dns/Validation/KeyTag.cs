namespace Gatehouse.Dns.Validation;

/// <summary>The tag of a key, which tells most keys of a zone apart (RFC 4034 appendix B).</summary>
public static class KeyTag
{
    /// <summary>The tag of a DNSKEY record's data.</summary>
    public static ushort Of(ReadOnlySpan<byte> data)
    {
        var sum = 0u;
        for (var i = 0; i < data.Length; i++)
            sum += (i & 1) == 0 ? (uint)data[i] << 8 : data[i];
        return (ushort)(sum + ((sum >> 16) & 0xFFFF));
    }
}
