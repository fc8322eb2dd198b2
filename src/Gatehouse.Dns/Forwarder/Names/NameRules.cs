using System.Globalization;
using System.Text;
using Gatehouse.Dns.Forwarder.Settings;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Dns.Forwarder.Names;

/// <summary>
/// Which names are answered here, which are blocked, and which go to servers of their own: what the configuration and the files that it names say, as one
/// immutable snapshot. A lookup allocates nothing.
/// </summary>
internal sealed class NameRules
{
    // Files with names; longer ones are not read, so that a mistaken path does not fill the memory.
    private const long MaxFile = 256L << 20;

    private readonly ulong _seed;
    private readonly Dictionary<ulong, LocalName> _exact = [];
    private readonly Dictionary<ulong, LocalName> _below = [];
    private readonly NameSet _blockedNames = new();
    private readonly NameSet _blockedDomains = new();
    private readonly NameSet _allowedDomains = new();
    private readonly Dictionary<ulong, (DnsName Name, int Index)> _routes = [];

    private bool _isPlain;

    private NameRules(ulong seed) => _seed = seed;

    /// <summary>Names that are answered here.</summary>
    internal int LocalCount => _exact.Count + _below.Count;

    /// <summary>Names and domains that are blocked.</summary>
    internal int BlockedCount => _blockedNames.Count + _blockedDomains.Count;

    /// <summary>Reads the rules of a configuration and its files.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="seed">Of hashes: chosen at random, so that nobody outside can make names collide.</param>
    /// <param name="warn">Told of files that cannot be read; the rest is in force.</param>
    internal static NameRules Read(DnsConfig config, ulong seed, Action<string> warn)
    {
        var rules = new NameRules(seed);
        foreach (var (text, addresses) in config.Local)
        {
            var isWildcard = text.StartsWith("*.", StringComparison.Ordinal);
            var name = DnsName.Parse(isWildcard ? text[2..] : text);
            foreach (var address in addresses)
                rules.AddAddress(isWildcard ? rules._below : rules._exact, name, address, withPointer: !isWildcard);
            if (addresses.Count == 0)
                rules.Entry(isWildcard ? rules._below : rules._exact, name);
        }

        foreach (var file in config.Hosts)
            ReadFile(file.Value, new NameListReader((address, name) => rules.AddAddress(rules._exact, name, address, withPointer: true), null), warn);
        rules._isPlain = rules.LocalCount == 0;
        rules.AddLoopback();
        foreach (var domain in config.Block.Domains)
            rules._blockedDomains.Add(rules.HashOf(DnsName.Parse(TrimStar(domain)).Wire));
        foreach (var file in config.Block.Files)
        {
            ReadFile(file.Value, new NameListReader(
                (_, name) => rules._blockedNames.Add(rules.HashOf(name.Wire)), name => rules._blockedDomains.Add(rules.HashOf(name.Wire))), warn);
        }

        foreach (var domain in config.Block.Except)
            rules._allowedDomains.Add(rules.HashOf(DnsName.Parse(TrimStar(domain)).Wire));
        for (var i = 0; i < config.Split.Count; i++)
        {
            foreach (var domain in config.Split[i].Domains)
            {
                var name = DnsName.Parse(TrimStar(domain));
                rules._routes[rules.HashOf(name.Wire)] = (name, i + 1);
            }
        }

        rules._isPlain &= rules.BlockedCount == 0;
        return rules;
    }

    /// <summary>What becomes of a query for a name.</summary>
    internal NameDecision Decide(ReadOnlySpan<byte> name, out LocalName? local)
    {
        local = null;
        if (_isPlain && !DnsWireName.AreEqual(name[Math.Max(0, name.Length - Localhost.Length)..], Localhost))
            return NameDecision.Forward;
        if (_exact.TryGetValue(HashOf(name), out local) && local.Name.Wire.Length == name.Length)
            return NameDecision.Local;
        for (var suffix = name; suffix.Length > 1 && _below.Count > 0;)
        {
            suffix = suffix[(suffix[0] + 1)..];
            if (_below.TryGetValue(HashOf(suffix), out local) && local.Name.Wire.Length == suffix.Length)
                return NameDecision.Local;
        }

        local = null;
        if (BlockedCount == 0)
            return NameDecision.Forward;
        var isBlocked = _blockedNames.Count > 0 && _blockedNames.Contains(HashOf(name));
        for (var suffix = name; suffix.Length > 1; suffix = suffix[(suffix[0] + 1)..])
        {
            var hash = HashOf(suffix);
            if (_allowedDomains.Count > 0 && _allowedDomains.Contains(hash))
                return NameDecision.Forward;
            isBlocked |= _blockedDomains.Contains(hash);
        }

        return isBlocked ? NameDecision.Block : NameDecision.Forward;
    }

    /// <summary>Which servers are asked for a name: 0 for those of all names, else the place of its rule and 1. The longest domain wins.</summary>
    internal int RouteOf(ReadOnlySpan<byte> name)
    {
        for (var suffix = name; _routes.Count > 0 && suffix.Length > 0; suffix = suffix[(suffix[0] + 1)..])
        {
            if (_routes.TryGetValue(HashOf(suffix), out var route) && route.Name.Wire.Length == suffix.Length)
                return route.Index;
            if (suffix.Length == 1)
                break;
        }

        return 0;
    }

    private static ReadOnlySpan<byte> Localhost => "\u0009localhost\0"u8;

    internal static string TrimStar(string domain) => domain.StartsWith("*.", StringComparison.Ordinal) ? domain[2..] : domain;

    private static void ReadFile(string path, NameListReader reader, Action<string> warn)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Length > MaxFile)
            {
                warn($"dns: '{path}' has {file.Length} bytes, and is not read; expected at most {MaxFile}");
                return;
            }

            using var text = new StreamReader(path, Encoding.UTF8);
            reader.Read(text);
            if (reader.Unread > 0)
                warn(string.Create(CultureInfo.InvariantCulture, $"dns: '{path}': {reader.Unread} lines or names could not be read and are passed over"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            warn($"dns: the names in '{path}' are not in force: {exception.Message}");
        }
    }

    private ulong HashOf(ReadOnlySpan<byte> name) => DnsWireName.Hash(name, _seed);

    private LocalName Entry(Dictionary<ulong, LocalName> table, DnsName name)
    {
        var hash = HashOf(name.Wire);
        if (!table.TryGetValue(hash, out var entry))
            table.Add(hash, entry = new LocalName(name));
        return entry;
    }

    private void AddAddress(Dictionary<ulong, LocalName> table, DnsName name, IpAddress address, bool withPointer)
    {
        var entry = Entry(table, name);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        var data = bytes[..length].ToArray();
        if (address.IsV4)
            entry.V4 = Appended(entry.V4, data);
        else
            entry.V6 = Appended(entry.V6, data);
        if (!withPointer)
            return;
        var reverse = Entry(_exact, ReverseOf(address));
        if (reverse.Pointer.Length == 0)
            reverse.Pointer = name.Wire.ToArray();
    }

    // RFC 6761 section 6.3: localhost, and what is below it, is this machine, and never asked for.
    private void AddLoopback()
    {
        var localhost = DnsName.Parse("localhost");
        foreach (var table in (Dictionary<ulong, LocalName>[])[_exact, _below])
        {
            var entry = Entry(table, localhost);
            if (entry.V4.Length == 0)
                entry.V4 = [127, 0, 0, 1];
            if (entry.V6.Length == 0)
                entry.V6 = [.. new byte[15], 1];
        }
    }

    // A set of addresses, of at most as many as a message has room for.
    private static byte[] Appended(byte[] all, byte[] one)
    {
        for (var at = 0; at < all.Length; at += one.Length)
        {
            if (all.AsSpan(at, one.Length).SequenceEqual(one))
                return all;
        }

        return all.Length >= 1024 * one.Length ? all : [.. all, .. one];
    }

    private static DnsName ReverseOf(IpAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        var text = new StringBuilder();
        for (var i = length - 1; i >= 0; i--)
        {
            if (length == 4)
                text.Append(CultureInfo.InvariantCulture, $"{bytes[i]}.");
            else
                text.Append(CultureInfo.InvariantCulture, $"{bytes[i] & 0xF:x}.{bytes[i] >> 4:x}.");
        }

        return DnsName.Parse(text.Append(length == 4 ? "in-addr.arpa" : "ip6.arpa").ToString());
    }
}
