using Gatehouse.Net.Names;

namespace Gatehouse.Dns.Servers;

/// <summary>How name servers are asked.</summary>
public sealed record ServerOptions
{
    /// <summary>The defaults.</summary>
    public static ServerOptions Default { get; } = new();

    /// <summary>For the answer to one try; resolv.conf(5) has 5 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Datagrams that are sent for one query; resolv.conf(5) has 2.</summary>
    public int Attempts { get; init; } = 2;

    /// <summary>How long a connection without queries is kept; RFC 7766 section 6.2.3 leaves it to be a few seconds.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Queries that may wait for one server; the next one is refused at once. Each holds a descriptor over UDP, so this is what a dead server may cost.
    /// </summary>
    public int MaxOutstanding { get; init; } = 4096;

    /// <summary>Whether names are asked for with random capitals, which the answer has to have as well (0x20, draft-vixie-dnsext-dns0x20).</summary>
    public bool RandomCase { get; init; } = true;

    /// <summary>Authorities that are trusted for TLS, in DER; null for those of the operating system.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Authorities { get; init; }

    /// <summary>Who finds the address of a server that is given by its name without one.</summary>
    public INameResolver Bootstrap { get; init; } = SystemNameResolver.Instance;
}
