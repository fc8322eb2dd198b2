using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Gatehouse.Pki.Acme.Jose;

/// <summary>A public key as JSON (RFC 7517, RFC 7518 section 6): elliptic curves P-256 and P-384, and RSA of 2048 to 8192 bits.</summary>
internal sealed class JsonWebKey
{
    private const int LeastRsaBits = 2048;
    private const int MostRsaBits = 8192;

    private readonly ECParameters? _curve;
    private readonly RSAParameters? _rsa;

    private JsonWebKey(ECParameters curve, string name)
    {
        _curve = curve;
        Json = $$"""{"crv":"{{name}}","kty":"EC","x":"{{Base64Url.EncodeToString(curve.Q.X)}}","y":"{{Base64Url.EncodeToString(curve.Q.Y)}}"}""";
    }

    private JsonWebKey(RSAParameters rsa)
    {
        _rsa = rsa;
        Json = $$"""{"e":"{{Base64Url.EncodeToString(rsa.Exponent)}}","kty":"RSA","n":"{{Base64Url.EncodeToString(rsa.Modulus)}}"}""";
    }

    /// <summary>The key as JSON with its required members in lexical order and no space: what a thumbprint is made of (RFC 7638 section 3).</summary>
    public string Json { get; }

    /// <summary>SHA-256 of the key (RFC 7638), in base64url.</summary>
    public string Thumbprint => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Json)));

    /// <summary>The public part of a key on P-256.</summary>
    public static JsonWebKey Of(ECDsa key) => new(key.ExportParameters(includePrivateParameters: false), "P-256");

    /// <summary>Reads a key.</summary>
    /// <exception cref="FormatException">It is malformed, weak, or of a kind that is not known.</exception>
    public static JsonWebKey Parse(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new FormatException("found a jwk that is no object");
        return Text(json, "kty") switch
        {
            "EC" => ParseCurve(json),
            "RSA" => ParseRsa(json),
            var kind => throw new FormatException($"found a key of kind '{kind}', expected EC or RSA"),
        };
    }

    /// <summary>True when the signature is this key's (RFC 7518 section 3.1).</summary>
    /// <exception cref="NotSupportedException">The algorithm is not one of this key.</exception>
    public bool Verify(string algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (_curve is { } curve)
        {
            var size = curve.Q.X!.Length;
            var hash = (algorithm, size) switch
            {
                ("ES256", 32) => HashAlgorithmName.SHA256,
                ("ES384", 48) => HashAlgorithmName.SHA384,
                _ => throw new NotSupportedException($"the algorithm {algorithm} is not one of this key"),
            };
            using var ec = ECDsa.Create(curve);
            return signature.Length == 2 * size && ec.VerifyData(data, signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        if (algorithm != "RS256")
            throw new NotSupportedException($"the algorithm {algorithm} is not one of this key");
        using var rsa = RSA.Create(_rsa!.Value);
        return rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    /// <summary>True for the key of <paramref name="subjectPublicKeyInfo"/>.</summary>
    public bool IsSameAs(ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        using AsymmetricAlgorithm own = _curve is { } curve ? ECDsa.Create(curve) : RSA.Create(_rsa!.Value);
        return own.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(subjectPublicKeyInfo);
    }

    private static JsonWebKey ParseCurve(JsonElement json)
    {
        var name = Text(json, "crv");
        var (curve, size) = name switch
        {
            "P-256" => (ECCurve.NamedCurves.nistP256, 32),
            "P-384" => (ECCurve.NamedCurves.nistP384, 48),
            _ => throw new FormatException($"found the curve '{name}', expected P-256 or P-384"),
        };
        var parameters = new ECParameters { Curve = curve, Q = new ECPoint { X = Bytes(json, "x"), Y = Bytes(json, "y") } };
        if (parameters.Q.X.Length != size || parameters.Q.Y.Length != size)
            throw new FormatException($"found coordinates of {parameters.Q.X.Length} and {parameters.Q.Y.Length} bytes, expected {size}");
        try
        {
            // Throws for a point that is not on the curve.
            ECDsa.Create(parameters).Dispose();
        }
        catch (CryptographicException exception)
        {
            throw new FormatException($"found a point that is not on {name}", exception);
        }
        return new JsonWebKey(parameters, name);
    }

    private static JsonWebKey ParseRsa(JsonElement json)
    {
        var parameters = new RSAParameters { Modulus = Bytes(json, "n"), Exponent = Bytes(json, "e") };
        if (parameters.Modulus.Length * 8 is < LeastRsaBits or > MostRsaBits || parameters.Exponent.Length is 0 or > 8)
            throw new FormatException($"found an RSA key of {parameters.Modulus.Length * 8} bits, expected {LeastRsaBits} to {MostRsaBits}");
        try
        {
            RSA.Create(parameters).Dispose();
        }
        catch (CryptographicException exception)
        {
            throw new FormatException("found an RSA key that cannot be read", exception);
        }
        return new JsonWebKey(parameters);
    }

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new FormatException($"found no text '{name}' in the jwk");

    private static byte[] Bytes(JsonElement json, string name)
    {
        try
        {
            return Base64Url.DecodeFromChars(Text(json, name));
        }
        catch (FormatException exception)
        {
            throw new FormatException($"'{name}' of the jwk is not base64url: {exception.Message}", exception);
        }
    }
}
