using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Protocols.Tls;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.AspNetCore.Connections;

/// <summary>What TLS agreed on with the client, as ASP.NET Core has it. One for a connection.</summary>
internal sealed class TlsFeature(TlsFacts facts) : ITlsConnectionFeature, ITlsHandshakeFeature
{
    private X509Certificate2? _certificate;
    private bool _isSet;

    public X509Certificate2? ClientCertificate
    {
        get => _isSet || facts.Peer is null ? _certificate : _certificate ??= X509CertificateLoader.LoadCertificate(facts.Peer.Certificate.Span);
        set
        {
            _certificate = value;
            _isSet = true;
        }
    }

    // The client is asked in the handshake or not at all: TLS 1.3 has no renegotiation, and HTTP/2 forbids that of 1.2 (RFC 9113 section 9.2.1).
    public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult(ClientCertificate);

    public SslProtocols Protocol => facts.Version == "TLSv1.3" ? SslProtocols.Tls13 : SslProtocols.Tls12;

    public TlsCipherSuite? NegotiatedCipherSuite => Enum.TryParse<TlsCipherSuite>(facts.CipherSuite, out var suite) ? suite : null;

    public string HostName => facts.ServerName ?? "";

#pragma warning disable SYSLIB0058 // superseded by NegotiatedCipherSuite, and still of the interface
    CipherAlgorithmType ITlsHandshakeFeature.CipherAlgorithm => CipherAlgorithmType.None;

    int ITlsHandshakeFeature.CipherStrength => 0;

    HashAlgorithmType ITlsHandshakeFeature.HashAlgorithm => HashAlgorithmType.None;

    int ITlsHandshakeFeature.HashStrength => 0;

    ExchangeAlgorithmType ITlsHandshakeFeature.KeyExchangeAlgorithm => ExchangeAlgorithmType.None;

    int ITlsHandshakeFeature.KeyExchangeStrength => 0;
#pragma warning restore SYSLIB0058
}
