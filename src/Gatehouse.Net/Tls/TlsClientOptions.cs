namespace Gatehouse.Net.Tls;

/// <summary>How a TLS client behaves.</summary>
public sealed record TlsClientOptions
{
    /// <summary>
    /// Whether the server's certificate must come from a trusted authority and be for the server's name. False trusts anybody, and is for experiments.
    /// </summary>
    public bool Verify { get; init; } = true;

    /// <summary>
    /// The authorities that are trusted, in DER; null for those of the operating system, or of the file that SSL_CERT_FILE and the folder that SSL_CERT_DIR name.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Authorities { get; init; }

    /// <summary>The client's own certificate, for servers that ask for one.</summary>
    public TlsCertificate? Certificate { get; init; }

    /// <summary>The protocols that are offered by ALPN, the preferred in front; none offers none.</summary>
    public IReadOnlyList<string> Protocols { get; init; } = [];

    /// <summary>Whether TLS 1.2 is spoken besides 1.3.</summary>
    public bool AllowTls12 { get; init; } = true;

    /// <summary>Whether sessions are kept and resumed.</summary>
    public bool Resume { get; init; } = true;
}
