using System.Diagnostics.CodeAnalysis;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Names;
using Gatehouse.Protocols.Dns.Text;

namespace Gatehouse.Dns.Resolver;

/// <summary>The servers of the root, with which a walk from there begins. Immutable.</summary>
public sealed class RootHints
{
    // IANA's named.root.
    private static readonly (string Letter, string V4, string V6)[] Known =
    [
        ("a", "198.41.0.4", "2001:503:ba3e::2:30"),
        ("b", "170.247.170.2", "2801:1b8:10::b"),
        ("c", "192.33.4.12", "2001:500:2::c"),
        ("d", "199.7.91.13", "2001:500:2d::d"),
        ("e", "192.203.230.10", "2001:500:a8::e"),
        ("f", "192.5.5.241", "2001:500:2f::f"),
        ("g", "192.112.36.4", "2001:500:12::d0d"),
        ("h", "198.97.190.53", "2001:500:1::53"),
        ("i", "192.36.148.17", "2001:7fe::53"),
        ("j", "192.58.128.30", "2001:503:c27::2:30"),
        ("k", "193.0.14.129", "2001:7fd::1"),
        ("l", "199.7.83.42", "2001:500:9f::42"),
        ("m", "202.12.27.33", "2001:dc3::35"),
    ];

    private RootHints(IReadOnlyList<(DnsName Name, IpAddress Address)> servers) => Servers = servers;

    /// <summary>The root of the Internet.</summary>
    public static RootHints Internet { get; } = new([.. Known.SelectMany(static known => new[]
    {
        (DnsName.Parse($"{known.Letter}.root-servers.net"), IpAddress.Parse(known.V4)),
        (DnsName.Parse($"{known.Letter}.root-servers.net"), IpAddress.Parse(known.V6)),
    })]);

    /// <summary>The servers and their addresses.</summary>
    public IReadOnlyList<(DnsName Name, IpAddress Address)> Servers { get; }

    /// <summary>Reads a file like IANA's named.root: the root's NS records and the addresses of their servers, one record on each line.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out RootHints? hints, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        var servers = new List<(DnsName, IpAddress)>();
        hints = null;
        if (!DnsRecordLines.TryParse(text, out var records, out fault))
            return false;
        foreach (var record in records)
        {
            if (record.Type is DnsType.A or DnsType.AAAA)
                servers.Add((record.Name, IpAddress.FromBytes(record.Data.Span)));
        }
        if (servers.Count == 0)
        {
            fault = "expected A or AAAA records of the root's servers, found none";
            return false;
        }
        hints = new RootHints(servers);
        return true;
    }
}
