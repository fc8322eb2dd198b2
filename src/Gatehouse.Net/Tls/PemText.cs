using System.Security.Cryptography;

namespace Gatehouse.Net.Tls;

/// <summary>The blocks of PEM text (RFC 7468) that TLS needs.</summary>
internal static class PemText
{
    // More than any chain has; a file of a system's whole trust store is no chain.
    private const int MostCertificates = 16;

    /// <summary>Authorities in one bundle: some three times as many as systems trust.</summary>
    internal const int MostAuthorities = 500;

    /// <summary>All CERTIFICATE blocks as DER, in order.</summary>
    internal static List<ReadOnlyMemory<byte>> Certificates(ReadOnlySpan<char> text, int most = MostCertificates)
    {
        var found = new List<ReadOnlyMemory<byte>>();
        while (PemEncoding.TryFind(text, out var fields))
        {
            if (text[fields.Label] is "CERTIFICATE")
                found.Add(Decode(text, fields));
            text = text[fields.Location.End..];
        }

        if (found.Count == 0)
            throw new CryptographicException("Expected PEM with a CERTIFICATE block; found none.");
        return found.Count <= most ? found : throw new CryptographicException($"Expected at most {most} certificates; found {found.Count}.");
    }

    /// <summary>The first private key as DER.</summary>
    internal static byte[] PrivateKey(ReadOnlySpan<char> text)
    {
        while (PemEncoding.TryFind(text, out var fields))
        {
            var label = text[fields.Label];
            if (label is "ENCRYPTED PRIVATE KEY" || (label.EndsWith("PRIVATE KEY") && text[fields.Location].Contains("ENCRYPTED", StringComparison.Ordinal)))
                throw new CryptographicException("Expected a private key without a passphrase; found an encrypted one.");
            if (label is "PRIVATE KEY" or "EC PRIVATE KEY" or "RSA PRIVATE KEY")
                return Decode(text, fields);
            text = text[fields.Location.End..];
        }

        throw new CryptographicException("Expected PEM with a PRIVATE KEY block; found none.");
    }

    private static byte[] Decode(ReadOnlySpan<char> text, PemFields fields)
    {
        var bytes = new byte[fields.DecodedDataLength];
        if (!Convert.TryFromBase64Chars(text[fields.Base64Data], bytes, out _))
            throw new CryptographicException($"The {text[fields.Label]} block is not Base64.");
        return bytes;
    }
}
