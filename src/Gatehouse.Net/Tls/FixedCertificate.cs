namespace Gatehouse.Net.Tls;

/// <summary>A source that has one certificate for every name.</summary>
public sealed class FixedCertificate(TlsCertificate certificate) : ICertificateSource
{
    /// <inheritdoc/>
    public ValueTask<TlsCertificate?> FindAsync(string serverName) => new(certificate);
}
