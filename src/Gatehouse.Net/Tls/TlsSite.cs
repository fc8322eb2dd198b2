using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Gatehouse.Net.Interop;
using Gatehouse.Protocols.Tls;

namespace Gatehouse.Net.Tls;

/// <summary>Whether a server asks its clients for a certificate.</summary>
public enum TlsClientAuth
{
    /// <summary>No.</summary>
    Off,

    /// <summary>It asks; a client may have none, but one that it shows must be good.</summary>
    Optional,

    /// <summary>A client without a good one is refused.</summary>
    Required,
}

/// <summary>What a TLS server does for some names: the certificates that it presents, and those that it wants to see.</summary>
public sealed class TlsSite
{
    private readonly ConditionalWeakTable<TlsCertificate, SslContext> _contexts = [];
    private readonly byte[] _scope;
    private TlsServerOptions? _options;

    /// <summary>Settings for <paramref name="names"/>.</summary>
    /// <param name="names">Host names in lower case and as A-labels; <c>*.example.com</c> is every name below; an IP address as text.</param>
    /// <param name="certificates">What picks the certificate.</param>
    public TlsSite(IReadOnlyList<string> names, ICertificateSource certificates)
    {
        Names = names;
        Certificates = certificates;
        _scope = [];
    }

    /// <summary>Settings for <paramref name="names"/> that ask clients for a certificate.</summary>
    /// <param name="names">As in the other constructor.</param>
    /// <param name="certificates">What picks the server's certificate.</param>
    /// <param name="clientAuth">How it asks.</param>
    /// <param name="clientAuthorities">Whose certificates are good; DER.</param>
    public TlsSite(
        IReadOnlyList<string> names, ICertificateSource certificates, TlsClientAuth clientAuth, IReadOnlyList<ReadOnlyMemory<byte>> clientAuthorities)
        : this(names, certificates)
    {
        ClientAuth = clientAuth;
        ClientAuthorities = clientAuthorities;
        if (clientAuth == TlsClientAuth.Off)
            return;

        // A session that was begun where no certificate was wanted, or another authority's, must not be resumed here. Stays the same across reloads.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([(byte)clientAuth]);
        foreach (var authority in clientAuthorities)
            hash.AppendData(authority.Span);
        _scope = hash.GetHashAndReset();
        ClientScope = Convert.ToHexStringLower(_scope);
    }

    /// <summary>The names that it is for.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>What picks its certificate.</summary>
    public ICertificateSource Certificates { get; }

    /// <summary>Whether clients are asked for a certificate.</summary>
    public TlsClientAuth ClientAuth { get; }

    /// <summary>The authorities of client certificates, in DER.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> ClientAuthorities { get; } = [];

    /// <summary>A hash of what clients must show here, the same as long as that is; empty where nothing is asked for (<see cref="TlsFacts.ClientScope"/>).</summary>
    public string ClientScope { get; } = "";

    internal int VerifyMode => ClientAuth switch
    {
        TlsClientAuth.Off => SslConstants.VerifyNone,
        TlsClientAuth.Optional => SslConstants.VerifyPeer,
        _ => SslConstants.VerifyPeer | SslConstants.VerifyRequired,
    };

    /// <summary>The options of the server that it belongs to.</summary>
    internal void Join(TlsServerOptions options)
    {
        if (Interlocked.CompareExchange(ref _options, options, null) is not null)
            throw new InvalidOperationException("A TLS site can belong to one server only.");
    }

    /// <summary>The context for one of its certificates, prepared at its first use and as long as the source keeps the certificate.</summary>
    /// <exception cref="CryptographicException">The certificate cannot be used; the message says why.</exception>
    internal SslContext Prepared(TlsCertificate certificate) =>
        _contexts.TryGetValue(certificate, out var context) ? context : _contexts.GetValue(certificate, Prepare);

    private SslContext Prepare(TlsCertificate certificate)
    {
        var context = _options!.NewContext();
        try
        {
            context.Use(certificate.Chain, certificate.PrivateKey.Span);
            if (ClientAuth != TlsClientAuth.Off)
                context.Trust(ClientAuthorities, tellClients: true);
            context.SetSessionScope(_scope.Length > 0 ? _scope : "gatehouse"u8);
            return context;
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }
}
