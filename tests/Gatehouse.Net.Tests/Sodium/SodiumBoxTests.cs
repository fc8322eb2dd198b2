using System.Security.Cryptography;
using Gatehouse.Net.Sodium;
using Gatehouse.Protocols.DnsCrypt;

namespace Gatehouse.Net.Tests.Sodium;

/// <summary>The expected values were made with Debian's libsodium 1.0.18 through Python's ctypes: keys 00..1f and 64..83, the message 1234 "query" padded to 256.</summary>
public sealed class SodiumBoxTests
{
    private static readonly byte[] ClientSecret = [.. Enumerable.Range(0, 32).Select(value => (byte)value)];
    private static readonly byte[] ServerSecret = [.. Enumerable.Range(100, 32).Select(value => (byte)value)];
    private static readonly byte[] Nonce = [.. Enumerable.Range(0, 12).Select(value => (byte)value)];
    private static readonly byte[] Message = [0x12, 0x34, .. "query"u8];

    [Theory]
    [InlineData(DnsCryptConstruction.XSalsa20Poly1305, "20c410df7f451bbb8784e165024d5b80c4095d74a33c9fa41bacf4a54a43d5f1", "3d3f6b4046c80198cb50752caf48a505e761095d339e347c81ee72042cc66506")]
    [InlineData(DnsCryptConstruction.XChaCha20Poly1305, "9f2ef3c837bee3c6bbed0bb27beaa6fd74fde60be89c99615114bc4854d514d1", "f18d2f220c0bb653784fdb37a324915233c9bdbd282809005fd2a0a059a63cec")]
    public void A_query_is_sealed_as_another_library_seals_it(DnsCryptConstruction construction, string sharedKey, string hash)
    {
        var box = SodiumBox.Instance;
        var (client, server, shared) = (new byte[32], new byte[32], new byte[32]);
        box.PublicOf(ClientSecret, client);
        box.PublicOf(ServerSecret, server);
        Assert.True(box.TryAgree(construction, server, ClientSecret, shared));
        Assert.Equal(sharedKey, Convert.ToHexStringLower(shared));
        var certificate = new DnsCryptCertificate
        {
            Construction = construction,
            ResolverKey = server,
            ClientMagic = new byte[8],
            Serial = 1,
            NotBefore = 0,
            NotAfter = 1,
        };
        var query = new byte[DnsCryptQuery.LengthFor(Message.Length, 256)];
        DnsCryptQuery.Seal(certificate, client, shared, Nonce, Message, 256, box, query, new byte[512]);
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(query.AsSpan(DnsCryptQuery.HeaderLength))));

        // The server's side, from its own key and the client's.
        var (theirs, opened) = (new byte[32], new byte[query.Length]);
        Assert.True(box.TryAgree(construction, DnsCryptQuery.ClientKey(query), ServerSecret, theirs));
        Assert.Equal(Message.Length, DnsCryptQuery.Open(construction, theirs, query, box, opened));
        Assert.Equal(Message, opened.AsSpan(0, Message.Length));
        query[^20] ^= 1;
        Assert.Equal(-1, DnsCryptQuery.Open(construction, theirs, query, box, opened));
    }

    [Fact]
    public void A_signature_is_what_another_library_makes()
    {
        var box = SodiumBox.Instance;
        byte[] seed = [.. Enumerable.Range(200, 32).Select(value => (byte)value)];
        var (open, secret, signature) = (new byte[32], new byte[64], new byte[64]);
        box.MakeSigningKeys(seed, open, secret);
        Assert.Equal("32b53e882e3daac180d7a5f6224d61b6401b43f901db09f0e4d84ce4e4a2718b", Convert.ToHexStringLower(open));
        box.Sign("certificate"u8, secret, signature);
        Assert.Equal(
            "482180601ff61ed33ff9abd08d18980009b061034e64dd6d7ed6655cbfb921e0bbb3bfd146a88e3cf61cef886bf0cd97798bb68aade08be4532ecd5391510f0f",
            Convert.ToHexStringLower(signature));
        Assert.True(box.Verify(signature, "certificate"u8, open));
        Assert.False(box.Verify(signature, "Certificate"u8, open));
    }

    [Fact]
    public void A_public_key_of_small_order_is_refused() =>
        Assert.False(SodiumBox.Instance.TryAgree(DnsCryptConstruction.XSalsa20Poly1305, new byte[32], ClientSecret, new byte[32]));

    [Fact]
    public void Who_has_no_libsodium_is_told_what_to_install()
    {
        var exception = Assert.Throws<NotSupportedException>(() => SodiumBox.Load(static () => throw new DllNotFoundException()));
        Assert.Contains("DNSCrypt needs libsodium, which was not found", exception.Message);
        Assert.Contains("libsodium23", exception.Message);
    }
}
