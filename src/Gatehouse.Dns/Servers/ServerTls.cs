using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Net.Tls;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Tls;

namespace Gatehouse.Dns.Servers;

/// <summary>Whom a server must prove to be, and how TLS is spoken with it (RFC 8310): by a certificate for its name, by one of its pinned keys, or not at all.</summary>
internal sealed class ServerTls
{
    private readonly ServerAddress _address;

    internal ServerTls(ServerAddress address, ServerOptions options, IReadOnlyList<string> protocols)
    {
        _address = address;
        Client = new TlsClient(new TlsClientOptions
        {
            // A pinned key stands for itself, with whatever certificate (RFC 7858 section 4.2).
            Verify = address.Verifies && address.Pins.Count == 0,
            Authorities = options.Authorities,
            Protocols = protocols,
        });
    }

    internal TlsClient Client { get; }

    internal string Name => _address.CertificateName;

    /// <summary>Closes a connection to somebody else.</summary>
    /// <exception cref="DnsException">Its key is none of those that are pinned.</exception>
    internal void Check(TransportStream stream)
    {
        try
        {
            Check(stream.Transport.Tls);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="Check(TransportStream)"/>
    internal void Check(TlsFacts? facts)
    {
        CheckHashes(facts?.Peer);
        if (_address.Pins.Count == 0)
            return;
        var key = KeyOf(facts?.Peer);
        foreach (var pin in _address.Pins)
        {
            if (key is not null && pin.AsSpan().SequenceEqual(key))
                return;
        }
        var found = key is null ? "no certificate" : Convert.ToBase64String(key);
        throw new DnsException(
            DnsFault.Untrusted, $"{_address.Text}: expected the public key {string.Join(" or ", _address.Pins.Select(Convert.ToBase64String))}, found {found}");
    }

    /// <summary>SHA-256 of a peer's public key as its certificate has it (SPKI).</summary>
    internal static byte[]? KeyOf(TlsPeer? peer)
    {
        if (peer is null)
            return null;
        using var certificate = X509CertificateLoader.LoadCertificate(peer.Certificate.Span);
        return SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo());
    }

    // Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue }; a stamp has the hash of the first.
    private void CheckHashes(TlsPeer? peer)
    {
        if (_address.CertificateHashes.Count == 0)
            return;
        if (peer is not null)
        {
            var signed = SHA256.HashData(new AsnReader(peer.Certificate, AsnEncodingRules.DER).ReadSequence().PeekEncodedValue().Span);
            if (_address.CertificateHashes.Any(hash => hash.AsSpan().SequenceEqual(signed)))
                return;
        }

        throw new DnsException(
            DnsFault.Untrusted, $"{_address.Text}: expected a certificate that its stamp names, found another (those of the certificate's issuers are not looked at)");
    }
}
