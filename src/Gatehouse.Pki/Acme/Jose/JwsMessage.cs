using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Gatehouse.Pki.Acme.Jose;

/// <summary>A signed message as received (RFC 8555 section 6.2), whose signature nobody has looked at yet.</summary>
internal sealed class JwsMessage
{
    private readonly byte[] _signed;
    private readonly byte[] _signature;

    private JwsMessage(byte[] signed, byte[] signature, byte[] payload)
    {
        _signed = signed;
        _signature = signature;
        Payload = payload;
    }

    /// <summary>What was signed.</summary>
    public byte[] Payload { get; }

    /// <summary>The signature's algorithm (RFC 7518 section 3.1).</summary>
    public required string Algorithm { get; init; }

    /// <summary>The URL that the message is for.</summary>
    public required string Url { get; init; }

    /// <summary>The nonce; null when there is none.</summary>
    public string? Nonce { get; init; }

    /// <summary>Whose key signed it, by the account's URL; null when the key itself is there.</summary>
    public string? KeyId { get; init; }

    /// <summary>The key that signed it; null when it is named by <see cref="KeyId"/>.</summary>
    public JsonWebKey? Key { get; init; }

    /// <summary>Reads a message in the flattened form, with exactly one of jwk and kid, and without headers that are not protected.</summary>
    /// <exception cref="FormatException">It is something else; the message says what.</exception>
    public static JwsMessage Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var outer = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            if (outer.RootElement.ValueKind != JsonValueKind.Object)
                throw new FormatException("found JSON that is no object, expected a JWS in flattened form");
            if (outer.RootElement.TryGetProperty("header", out _) || outer.RootElement.TryGetProperty("signatures", out _))
                throw new FormatException("found an unprotected header or several signatures, expected neither (RFC 8555 section 6.2)");
            var protectedText = Text(outer.RootElement, "protected");
            var payloadText = Text(outer.RootElement, "payload");
            using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(protectedText), new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            var root = header.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                throw new FormatException("found a protected header that is no object");
            if (root.TryGetProperty("crit", out _) || root.TryGetProperty("b64", out _))
                throw new FormatException("found an extension that must be understood (crit), expected none");
            var hasKey = root.TryGetProperty("jwk", out var key);
            var keyId = Optional(root, "kid");
            if (hasKey == (keyId is not null))
                throw new FormatException("expected exactly one of jwk and kid (RFC 8555 section 6.2)");
            var signed = Encoding.ASCII.GetBytes($"{protectedText}.{payloadText}");
            return new JwsMessage(signed, Base64Url.DecodeFromChars(Text(outer.RootElement, "signature")), Base64Url.DecodeFromChars(payloadText))
            {
                Algorithm = Text(root, "alg"),
                Url = Text(root, "url"),
                Nonce = Optional(root, "nonce"),
                KeyId = keyId,
                Key = hasKey ? JsonWebKey.Parse(key) : null,
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FormatException($"found what is no JWS in JSON: {exception.Message}", exception);
        }
    }

    /// <summary>True when <paramref name="key"/> signed it.</summary>
    /// <exception cref="NotSupportedException">The algorithm is not one of the key's.</exception>
    public bool IsSignedBy(JsonWebKey key) => key.Verify(Algorithm, _signed, _signature);

    private static string Text(JsonElement json, string name) => Optional(json, name) ?? throw new FormatException($"found no '{name}' in the JWS");

    private static string? Optional(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var value))
            return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw new FormatException($"found '{name}' that is no text in the JWS");
    }
}
