using Gatehouse.Net.Interop;

namespace Gatehouse.Net.Tls;

/// <summary>
/// The server's side of TLS: its sites and settings, prepared. Immutable and shared by all reactors; a change of certificates or settings is a new one
/// (<see cref="TlsAcceptor.Server"/>), or another answer of an <see cref="ICertificateSource"/>.
/// </summary>
public sealed class TlsServer
{
    private readonly Dictionary<string, TlsSite> _exact = [];
    private readonly Dictionary<string, TlsSite> _wildcard = [];
    private readonly Dictionary<string, TlsSite>.AlternateLookup<ReadOnlySpan<char>> _exactSpans;
    private readonly Dictionary<string, TlsSite>.AlternateLookup<ReadOnlySpan<char>> _wildcardSpans;

    /// <summary>Prepares a server.</summary>
    /// <exception cref="ArgumentException">There is no site, or two for one name.</exception>
    public TlsServer(TlsServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Sites.Count == 0)
            throw new ArgumentException("Expected at least one TLS site; found none.", nameof(options));
        Options = options;
        foreach (var site in options.Sites)
        {
            site.Join(options);
            foreach (var name in site.Names)
            {
                if (!(name.StartsWith("*.", StringComparison.Ordinal) ? _wildcard.TryAdd(name[2..], site) : _exact.TryAdd(name, site)))
                    throw new ArgumentException($"Expected one TLS site for '{name}'; found two.", nameof(options));
            }
        }

        _exactSpans = _exact.GetAlternateLookup<ReadOnlySpan<char>>();
        _wildcardSpans = _wildcard.GetAlternateLookup<ReadOnlySpan<char>>();
        ProtocolList = Gatehouse.Protocols.TlsHello.ProtocolList.Of([.. options.Protocols]);
        Context = options.NewContext();
    }

    /// <summary>Its settings.</summary>
    public TlsServerOptions Options { get; }

    /// <summary>The context that connections begin with, until the client's hello tells which site they are for.</summary>
    internal SslContext Context { get; }

    /// <summary>The protocols as ALPN lists them.</summary>
    internal byte[] ProtocolList { get; }

    /// <summary>The site of the exact name, else of the longest wildcard, else null.</summary>
    internal TlsSite? Find(ReadOnlySpan<char> name)
    {
        if (_exactSpans.TryGetValue(name, out var site))
            return site;
        if (_wildcard.Count == 0)
            return null;
        int dot;
        while ((dot = name.IndexOf('.')) >= 0)
        {
            name = name[(dot + 1)..];
            if (_wildcardSpans.TryGetValue(name, out site))
                return site;
        }

        return null;
    }
}
