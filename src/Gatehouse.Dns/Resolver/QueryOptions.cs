using Gatehouse.Protocols.Dns.Edns;

namespace Gatehouse.Dns.Resolver;

/// <summary>What a query asks for besides its question.</summary>
public sealed record QueryOptions
{
    /// <summary>The defaults: recursion and EDNS.</summary>
    public static QueryOptions Default { get; } = new();

    /// <summary>RD: the server shall ask others.</summary>
    public bool Recursion { get; init; } = true;

    /// <summary>DO: signatures are wanted.</summary>
    public bool DnssecOk { get; init; }

    /// <summary>CD: the server shall not validate.</summary>
    public bool CheckingDisabled { get; init; }

    /// <summary>AD: the client wants to know whether the server has validated (RFC 6840 section 5.7).</summary>
    public bool AuthenticData { get; init; }

    /// <summary>Whether there is an OPT record.</summary>
    public bool Edns { get; init; } = true;

    /// <summary>Bytes of the datagrams that are taken.</summary>
    public ushort UdpSize { get; init; } = DnsEdns.DefaultUdpSize;

    /// <summary>The client's network, where it is to be told.</summary>
    public DnsClientSubnet? ClientSubnet { get; init; }

    /// <summary>Further options of the OPT record.</summary>
    public IReadOnlyList<DnsOption> Options { get; init; } = [];
}
