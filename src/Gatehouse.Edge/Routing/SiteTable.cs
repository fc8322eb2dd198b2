using System.Diagnostics.CodeAnalysis;
using System.Text;
using Gatehouse.Http;

namespace Gatehouse.Edge.Routing;

/// <summary>
/// Finds the site for a request by its host: the exact name first, then the longest wildcard, then the site of every other name. Names are compared
/// without regard to case (RFC 9110 section 4.2.3) and without a string being made.
/// </summary>
public sealed class SiteTable : IHandler
{
    private readonly Dictionary<string, IHandler> _exact = new(HostComparer.Instance);
    private readonly Dictionary<string, IHandler> _wildcard = new(HostComparer.Instance);
    private readonly Dictionary<string, IHandler>.AlternateLookup<ReadOnlySpan<byte>> _exactBytes;
    private readonly Dictionary<string, IHandler>.AlternateLookup<ReadOnlySpan<byte>> _wildcardBytes;
    private readonly IHandler _default;

    /// <summary>A table in which every host without a site is answered by <paramref name="otherwise"/>.</summary>
    public SiteTable(IHandler otherwise)
    {
        _default = otherwise;
        _exactBytes = _exact.GetAlternateLookup<ReadOnlySpan<byte>>();
        _wildcardBytes = _wildcard.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Adds a site for a name in ASCII, or for every name below it.</summary>
    /// <exception cref="ArgumentException">The name has a site.</exception>
    public void Add(string name, bool isWildcard, IHandler site) => (isWildcard ? _wildcard : _exact).Add(name, site);

    /// <inheritdoc/>
    public ValueTask HandleAsync(Exchange exchange) => Find(exchange.Request.Host).HandleAsync(exchange);

    /// <summary>The site for <paramref name="host"/>, which has no port.</summary>
    public IHandler Find(ReadOnlySpan<byte> host)
    {
        if (_exact.Count > 0 && _exactBytes.TryGetValue(host, out var site))
            return site;
        if (_wildcard.Count > 0)
        {
            int dot;
            while ((dot = host.IndexOf((byte)'.')) >= 0)
            {
                host = host[(dot + 1)..];
                if (_wildcardBytes.TryGetValue(host, out site))
                    return site;
            }
        }
        return _default;
    }

    private sealed class HostComparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
    {
        public static HostComparer Instance { get; } = new();

        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.OrdinalIgnoreCase);

        public int GetHashCode(string name)
        {
            Span<byte> bytes = stackalloc byte[name.Length <= 256 ? name.Length : 0];
            return bytes.Length == name.Length && Encoding.ASCII.TryGetBytes(name, bytes, out _) ? GetHashCode(bytes) : GetHashCode(Encoding.UTF8.GetBytes(name));
        }

        public bool Equals(ReadOnlySpan<byte> alternate, string other) => Ascii.EqualsIgnoreCase(alternate, other);

        // FNV-1a over lower-case letters; names come from the configuration, so nobody can choose what collides in the table.
        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = 2166136261u;
            foreach (var b in alternate)
                hash = (hash ^ (uint)(b is >= (byte)'A' and <= (byte)'Z' ? b | 0x20 : b)) * 16777619;
            return (int)hash;
        }

        [return: NotNull]
        public string Create(ReadOnlySpan<byte> alternate) => Encoding.ASCII.GetString(alternate);
    }
}
