using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CsCheck;
using Gatehouse.Pki.Acme.Jose;

namespace Gatehouse.Pki.Tests.Acme;

/// <summary>The vectors of RFC 7515 and RFC 7638, and messages that are not what they should be.</summary>
public sealed class JoseTests
{
    // RFC 7515 appendix A.3.
    private const string EcKey = """{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""";
    private const string EcInput = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    private const string EcSignature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    // RFC 7638 section 3.1.
    private const string RsaModulus =
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt"
        + "7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHa"
        + "Q-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

    [Fact]
    public void A_thumbprint_is_that_of_RFC_7638() =>
        Assert.Equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", Key($$"""{"kty":"RSA","n":"{{RsaModulus}}","e":"AQAB","alg":"RS256","kid":"2011-04-29"}""").Thumbprint);

    [Fact]
    public void An_ES256_signature_is_that_of_RFC_7515()
    {
        var key = Key(EcKey);
        var signature = Base64Url.DecodeFromChars(EcSignature);
        Assert.True(key.Verify("ES256", Encoding.ASCII.GetBytes(EcInput), signature));
        Assert.False(key.Verify("ES256", Encoding.ASCII.GetBytes(EcInput + "x"), signature));
        for (var i = 0; i < signature.Length; i++)
        {
            signature[i] ^= 1;
            Assert.False(key.Verify("ES256", Encoding.ASCII.GetBytes(EcInput), signature));
            signature[i] ^= 1;
        }
        Assert.False(key.Verify("ES256", Encoding.ASCII.GetBytes(EcInput), signature.AsSpan(0, 63)));
        Assert.Throws<NotSupportedException>(() => key.Verify("RS256", [], signature));
        Assert.Throws<NotSupportedException>(() => key.Verify("none", [], []));
        Assert.Throws<NotSupportedException>(() => key.Verify("HS256", [], signature));
    }

    [Fact]
    public void An_HS256_signature_is_that_of_RFC_7515()
    {
        // Appendix A.1: the key and its digest of the example's input; our own header differs, so that the function beneath is what is compared.
        var key = Base64Url.DecodeFromChars("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
        const string Input = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        Assert.Equal("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(Input))));
        using var json = JsonDocument.Parse(Jws.SignShared(key, "kid-1", "https://a.test/new-account", "{}"u8));
        var signed = $"{json.RootElement.GetProperty("protected").GetString()}.{json.RootElement.GetProperty("payload").GetString()}";
        Assert.Equal(Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signed))), json.RootElement.GetProperty("signature").GetString());
        Assert.Equal("""{"alg":"HS256","url":"https://a.test/new-account","kid":"kid-1"}""",
            Encoding.UTF8.GetString(Base64Url.DecodeFromChars(json.RootElement.GetProperty("protected").GetString())));
    }

    [Fact]
    public void What_is_signed_is_read_back_and_verified()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Gen.Byte.Array[0, 200].Sample(payload =>
        {
            var message = JwsMessage.Parse(Jws.Sign(key, "https://a.test/x", "nonce", null, payload));
            Assert.Equal(payload, message.Payload);
            Assert.Equal(("https://a.test/x", "nonce", null), (message.Url, message.Nonce, message.KeyId));
            Assert.True(message.IsSignedBy(message.Key!));
            Assert.False(message.IsSignedBy(Key(EcKey)));
        }, iter: 50);
        Assert.Equal("https://a.test/1", JwsMessage.Parse(Jws.Sign(key, "u", "n", "https://a.test/1", [])).KeyId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"protected":"e30","payload":"","signature":""}""")]
    [InlineData("""{"protected":"!","payload":"","signature":""}""")]
    [InlineData("""{"protected":"e30","payload":"","signature":"","header":{}}""")]
    [InlineData("""{"protected":"e30","payload":"","signatures":[]}""")]
    [InlineData("""{"protected":"e30","protected":"e30","payload":"","signature":""}""")]
    [InlineData("""{"protected":1,"payload":"","signature":""}""")]
    public void What_is_no_message_is_told(string text) => Assert.Throws<FormatException>(() => JwsMessage.Parse(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("""{"alg":"ES256","url":"u","nonce":"n"}""")]
    [InlineData("""{"alg":"ES256","url":"u","nonce":"n","kid":"k","jwk":{}}""")]
    [InlineData("""{"alg":"ES256","url":"u","nonce":"n","kid":1}""")]
    [InlineData("""{"alg":"ES256","url":"u","nonce":"n","kid":"k","crit":["x"]}""")]
    [InlineData("""{"url":"u","nonce":"n","kid":"k"}""")]
    [InlineData("""{"alg":"ES256","nonce":"n","kid":"k"}""")]
    public void Headers_that_ACME_forbids_are_told(string header) =>
        Assert.Throws<FormatException>(() => JwsMessage.Parse(Encoding.UTF8.GetBytes(
            $$"""{"protected":"{{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}}","payload":"","signature":""}""")));

    [Theory]
    [InlineData("""{"kty":"oct","k":"AAAA"}""")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"}""")]
    [InlineData("""{"kty":"EC","crv":"P-521","x":"AAAA","y":"AAAA"}""")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"}""")]
    [InlineData("""{"kty":"RSA","n":"AQAB","e":"AQAB"}""")]
    [InlineData("""{"kty":"EC"}""")]
    [InlineData("""{"kty":1}""")]
    [InlineData("[]")]
    public void Keys_that_are_none_or_weak_are_told(string json) => Assert.Throws<FormatException>(() => Key(json));

    [Fact]
    public void Random_bytes_are_no_message_and_no_other_exception() => Gen.Byte.Array[0, 100].Sample(bytes =>
    {
        try
        {
            JwsMessage.Parse(bytes);
            return false;
        }
        catch (FormatException)
        {
            return true;
        }
    }, iter: 2000);

    private static JsonWebKey Key(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonWebKey.Parse(document.RootElement);
    }
}
