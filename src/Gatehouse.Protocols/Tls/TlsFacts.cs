namespace Gatehouse.Protocols.Tls;

/// <summary>What the two sides of a TLS connection agreed on. Immutable; may be kept after the connection has ended.</summary>
public sealed class TlsFacts
{
    /// <summary>The version: <c>TLSv1.3</c> or <c>TLSv1.2</c>.</summary>
    public required string Version { get; init; }

    /// <summary>The cipher suite by its name in IANA's registry, like <c>TLS_AES_128_GCM_SHA256</c>.</summary>
    public required string CipherSuite { get; init; }

    /// <summary>The protocol that ALPN agreed on, like <c>h2</c>; null when the client offered none.</summary>
    public string? Protocol { get; init; }

    /// <summary>The name that the client asked for (SNI), in lower case; null when it asked for none.</summary>
    public string? ServerName { get; init; }

    /// <summary>True when an earlier session was resumed, so that no certificate was sent.</summary>
    public bool IsResumed { get; init; }

    /// <summary>
    /// Which clients' certificates are good on this connection, as a hash of the rules that it was made under; empty where none was asked for. A request
    /// for a site with other rules does not belong on it (RFC 9110 section 15.5.20).
    /// </summary>
    public string ClientScope { get; init; } = "";

    /// <summary>
    /// Who the peer is. Verified, unless this is a client that was told not to; null for a client that showed no certificate.
    /// </summary>
    public TlsPeer? Peer { get; init; }
}
