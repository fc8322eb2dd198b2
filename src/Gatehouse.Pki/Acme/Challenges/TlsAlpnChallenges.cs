using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gatehouse.Net.Tls;
using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Acme.Challenges;

/// <summary>
/// Proofs by a TLS handshake on port 443 (RFC 8737): a certificate signed by itself, for the name alone, with the digest of the key authorization, presented
/// to who asks for it with ALPN acme-tls/1. Shared by all reactors.
/// </summary>
public sealed class TlsAlpnChallenges : IChallengeSolver
{
    private const string AcmeIdentifier = "1.3.6.1.5.5.7.1.31";

    private readonly ConcurrentDictionary<string, TlsCertificate> _proofs = new();

    /// <inheritdoc/>
    public string Type => "tls-alpn-01";

    /// <inheritdoc/>
    public bool CanProve(CertificateName name, bool isWildcard) => !isWildcard;

    /// <inheritdoc/>
    public Task<IAsyncDisposable> PresentAsync(CertificateName name, string token, string keyAuthorization, CancellationToken cancellation)
    {
        var asked = ServerName(name);
        var proof = Make(name, keyAuthorization);
        _proofs[asked] = proof;
        return Task.FromResult<IAsyncDisposable>(new Proof(() =>
        {
            _proofs.TryRemove(KeyValuePair.Create(asked, proof));
            return default;
        }));
    }

    /// <summary>The proof for a name that is asked for by SNI; null when there is none.</summary>
    public TlsCertificate? Find(string serverName) => _proofs.GetValueOrDefault(serverName);

    /// <summary>The SNI for a name: for an address its name for reverse look-ups (RFC 8738 section 6).</summary>
    internal static string ServerName(CertificateName name)
    {
        if (!name.IsAddress)
            return name.Host;
        var bytes = name.Address.ToIPAddress().GetAddressBytes();
        return name.Address.IsV4
            ? $"{string.Join('.', bytes.Reverse())}.in-addr.arpa"
            : $"{string.Join('.', bytes.Reverse().SelectMany(part => new[] { $"{part & 15:x}", $"{part >> 4:x}" }))}.ip6.arpa";
    }

    /// <summary>The value of the extension id-pe-acmeIdentifier.</summary>
    internal static byte[] Identifier(string keyAuthorization)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteOctetString(SHA256.HashData(Encoding.ASCII.GetBytes(keyAuthorization)));
        return writer.Encode();
    }

    private static TlsCertificate Make(CertificateName name, string keyAuthorization)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ACME challenge", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(SubjectNames.Extension([name]));
        request.CertificateExtensions.Add(new X509Extension(AcmeIdentifier, Identifier(keyAuthorization), critical: true));
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return new TlsCertificate([certificate.RawData], key.ExportPkcs8PrivateKey());
    }
}
