namespace Gatehouse.Protocols.Dns.Messages;

/// <summary>Times to live (RFC 2181 section 8).</summary>
public static class DnsTimeToLive
{
    /// <summary>A value with the highest bit set is to be taken as zero.</summary>
    public static uint Clamp(uint seconds) => seconds > int.MaxValue ? 0 : seconds;
}
