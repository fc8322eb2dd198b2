using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Edns;

namespace Gatehouse.Tools.Dig;

/// <summary>What <c>gatehouse dig</c> shall do.</summary>
public sealed record DigOptions
{
    /// <summary>The words: NAME, types, @SERVER, and dig's options with a plus; in any order.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>The address whose name is asked for; null for none.</summary>
    public string? Reverse { get; init; }

    /// <summary>The port of the server, where it is given without one, and of all servers of a walk; null for 53.</summary>
    public ushort? Port { get; init; }

    /// <summary>The answers' data alone.</summary>
    public bool IsShort { get; init; }

    /// <summary>JSON.</summary>
    public bool IsJson { get; init; }

    /// <summary>A walk from the root.</summary>
    public bool IsTrace { get; init; }

    /// <summary>Say which source answered for a host, and why.</summary>
    public bool IsExplain { get; init; }

    /// <summary>Ask for signatures.</summary>
    public bool Dnssec { get; init; }

    /// <summary>Check signatures from a trust anchor down.</summary>
    public bool Validates { get; init; }

    /// <summary>File of the trust anchor, DS or DNSKEY records; the root's keys when null.</summary>
    public string? TrustAnchor { get; init; }

    /// <summary>File of the root's servers; those of the Internet when null.</summary>
    public string? RootHints { get; init; }

    /// <summary>File with the authorities to trust for TLS; the system's when null.</summary>
    public string? Authorities { get; init; }

    /// <summary>Seconds that a server is waited for.</summary>
    public double Timeout { get; init; } = 5;

    /// <summary>TCP from the start.</summary>
    public bool Tcp { get; init; }

    /// <summary>RD.</summary>
    public bool Recursion { get; init; } = true;

    /// <summary>CD.</summary>
    public bool CheckingDisabled { get; init; }

    /// <summary>EDNS.</summary>
    public bool Edns { get; init; } = true;

    /// <summary>The client's network.</summary>
    public DnsClientSubnet? Subnet { get; init; }

    /// <summary>The class.</summary>
    public DnsClass Class { get; init; } = DnsClass.IN;
}
