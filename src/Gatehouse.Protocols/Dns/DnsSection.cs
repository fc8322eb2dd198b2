namespace Gatehouse.Protocols.Dns;

/// <summary>The sections of records in a message, in their order (RFC 1035 section 4.1).</summary>
public enum DnsSection : byte
{
    /// <summary>Records that answer the question.</summary>
    Answer,

    /// <summary>Records of the authority: its servers, or the SOA behind a negative answer.</summary>
    Authority,

    /// <summary>Further records, and OPT.</summary>
    Additional,
}
