using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Dns.Hosts;

/// <summary>What a hosts file says (hosts(5)): addresses of names, and names of addresses. Immutable.</summary>
public sealed class HostsTable
{
    private readonly Dictionary<DnsName, List<IpAddress>> _addresses = [];
    private readonly Dictionary<IpAddress, DnsName> _names = [];

    private HostsTable()
    {
    }

    /// <summary>Reads a hosts file: an address and its names on each line. Lines that are not that are passed over, as the system does.</summary>
    public static HostsTable Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var table = new HostsTable();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var comment = line.IndexOf('#');
            table.Add(comment < 0 ? line : line[..comment]);
        }
        return table;
    }

    /// <summary>Names that it has.</summary>
    public int Count => _addresses.Count;

    /// <summary>The addresses of a name; empty when it has none.</summary>
    public IReadOnlyList<IpAddress> AddressesOf(DnsName name) => _addresses.TryGetValue(name, out var found) ? found : [];

    /// <summary>The canonical name of an address, the first of its line; null when it has none.</summary>
    public DnsName? NameOf(IpAddress address) => _names.TryGetValue(address, out var name) ? name : null;

    private void Add(ReadOnlySpan<char> line)
    {
        IpAddress? address = null;
        foreach (var range in line.SplitAny(" \t"))
        {
            var word = line[range];
            if (word.IsEmpty)
                continue;
            if (address is null)
            {
                // A zone id (fe80::1%lo0) says on which link; the name then has the address without it.
                var zone = word.IndexOf('%');
                if (!IpAddress.TryParse(zone < 0 ? word : word[..zone], out var parsed))
                    return;
                address = parsed;
            }
            else if (DnsName.TryParse(word, out var name, out _) && !name.IsRoot)
            {
                if (!_addresses.TryGetValue(name, out var addresses))
                    _addresses.Add(name, addresses = []);
                if (!addresses.Contains(address.Value))
                    addresses.Add(address.Value);
                _names.TryAdd(address.Value, name);
            }
        }
    }
}
