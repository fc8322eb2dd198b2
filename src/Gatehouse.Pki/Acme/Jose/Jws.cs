using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Gatehouse.Pki.Acme.Jose;

/// <summary>Signed messages in the flattened JSON form that ACME uses (RFC 7515 section 7.2.2, RFC 8555 section 6.2).</summary>
internal static class Jws
{
    /// <summary>Signs with an ECDSA key on P-256 (ES256).</summary>
    /// <param name="key">The key.</param>
    /// <param name="url">The URL that the message is for.</param>
    /// <param name="nonce">The server's nonce; null for none (inside a key change).</param>
    /// <param name="account">The account's URL; null to put the key itself into the header.</param>
    /// <param name="payload">What is signed.</param>
    public static byte[] Sign(ECDsa key, string url, string? nonce, string? account, ReadOnlySpan<byte> payload)
    {
        var header = Header("ES256", url, nonce, account, account is null ? JsonWebKey.Of(key).Json : null);
        return Flattened(header, payload, input => key.SignData(input, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    /// <summary>Signs with a shared key (HS256), for the binding to an external account (RFC 8555 section 7.3.4).</summary>
    public static byte[] SignShared(byte[] key, string keyId, string url, ReadOnlySpan<byte> payload) =>
        Flattened(Header("HS256", url, null, keyId, null), payload, input => HMACSHA256.HashData(key, input));

    private static byte[] Header(string algorithm, string url, string? nonce, string? keyId, string? jwk)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("alg", algorithm);
            if (nonce is not null)
                json.WriteString("nonce", nonce);
            json.WriteString("url", url);
            if (keyId is not null)
                json.WriteString("kid", keyId);
            if (jwk is not null)
            {
                json.WritePropertyName("jwk");
                json.WriteRawValue(jwk);
            }
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    private static byte[] Flattened(byte[] header, ReadOnlySpan<byte> payload, Func<byte[], byte[]> sign)
    {
        var protectedHeader = Base64Url.EncodeToString(header);
        var content = Base64Url.EncodeToString(payload);
        var signature = Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes($"{protectedHeader}.{content}")));
        return Encoding.ASCII.GetBytes($$"""{"protected":"{{protectedHeader}}","payload":"{{content}}","signature":"{{signature}}"}""");
    }
}
