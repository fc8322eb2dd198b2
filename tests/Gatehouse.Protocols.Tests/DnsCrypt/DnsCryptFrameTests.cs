using CsCheck;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.DnsCrypt;

namespace Gatehouse.Protocols.Tests.DnsCrypt;

/// <summary>The framing, with boxes that only look sealed; the real ones are tested with libsodium.</summary>
public sealed class DnsCryptFrameTests
{
    private static readonly DnsCryptCertificate Certificate = new()
    {
        Construction = DnsCryptConstruction.XChaCha20Poly1305,
        ResolverKey = new byte[32],
        ClientMagic = new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 },
        Serial = 1,
        NotBefore = 0,
        NotAfter = uint.MaxValue,
    };

    [Fact]
    public void A_query_is_opened_as_it_was_sealed()
    {
        var box = new XorBox();
        Gen.Select(Gen.Byte.Array[12, 600], Gen.Byte.Array[32], Gen.Byte.Array[32], Gen.Byte.Array[12], Gen.Int[0, 1024]).Sample((message, clientKey, shared, nonce, least) =>
        {
            var query = new byte[DnsCryptQuery.LengthFor(message.Length, least)];
            var length = DnsCryptQuery.Seal(Certificate, clientKey, shared, nonce, message, least, box, query, new byte[query.Length]);
            Assert.Equal(query.Length, length);
            Assert.True(DnsCryptQuery.Magic(query).SequenceEqual(Certificate.ClientMagic.Span));
            Assert.True(DnsCryptQuery.ClientKey(query).SequenceEqual(clientKey));
            Assert.Equal(0, (length - DnsCryptQuery.HeaderLength - DnsCryptQuery.TagLength) % DnsCryptPadding.Block);
            var opened = new byte[length];
            Assert.Equal(message.Length, DnsCryptQuery.Open(Certificate.Construction, shared, query, box, opened));
            Assert.True(opened.AsSpan(0, message.Length).SequenceEqual(message));
            query[^1] ^= 1;
            Assert.Equal(-1, DnsCryptQuery.Open(Certificate.Construction, shared, query, box, opened));
        });
    }

    [Fact]
    public void An_answer_is_opened_by_who_asked()
    {
        var box = new XorBox();
        Gen.Select(Gen.Byte.Array[12, 600], Gen.Byte.Array[32], Gen.Byte.Array[12], Gen.Byte.Array[12]).Sample((message, shared, client, server) =>
        {
            var padded = new byte[DnsCryptPadding.LengthFor(message.Length)];
            message.CopyTo(padded, 0);
            var response = new byte[DnsCryptResponse.LengthFor(message.Length)];
            Assert.Equal(response.Length, DnsCryptResponse.Seal(DnsCryptConstruction.XSalsa20Poly1305, shared, client, server, padded, message.Length, box, response));
            Assert.True(DnsCryptResponse.ClientNonce(response).SequenceEqual(client));
            var opened = new byte[response.Length];
            Assert.Equal(message.Length, DnsCryptResponse.Open(DnsCryptConstruction.XSalsa20Poly1305, shared, client, response, box, opened));
            Assert.True(opened.AsSpan(0, message.Length).SequenceEqual(message));
            client[0] ^= 1;
            Assert.Equal(-1, DnsCryptResponse.Open(DnsCryptConstruction.XSalsa20Poly1305, shared, client, response, box, opened));
        });
    }

    [Fact]
    public void Any_bytes_have_a_verdict()
    {
        var box = new XorBox();
        Gen.Byte.Array[0, 400].Sample(bytes =>
        {
            var room = new byte[512];
            if (bytes.Length >= DnsCryptQuery.LeastLength)
                _ = DnsCryptQuery.Open(DnsCryptConstruction.XSalsa20Poly1305, new byte[32], bytes, box, room);
            Assert.Equal(-1, DnsCryptResponse.Open(DnsCryptConstruction.XSalsa20Poly1305, new byte[32], new byte[12], bytes, box, room));
        });
    }

    [Theory]
    [InlineData("80", 0)]
    [InlineData("0102800000", 2)]
    [InlineData("8080", 1)]
    [InlineData("0102000000", -1)]
    [InlineData("0000", -1)]
    [InlineData("", -1)]
    public void Padding_ends_the_message(string padded, int length)
    {
        Assert.Equal(length >= 0, DnsCryptPadding.TryUnpad(Convert.FromHexString(padded), out var found));
        if (length >= 0)
            Assert.Equal(length, found);
    }

    [Theory]
    [InlineData(0, 0, 64)]
    [InlineData(63, 0, 64)]
    [InlineData(64, 0, 128)]
    [InlineData(20, 256, 256)]
    [InlineData(20, 257, 320)]
    public void Padded_lengths_are_multiples_of_64(int message, int least, int padded) => Assert.Equal(padded, DnsCryptPadding.LengthFor(message, least));

    [Theory]
    [InlineData("192.0.2.1:443")]
    [InlineData("[2001:db8::1]:8443")]
    public void A_relay_reads_where_a_query_is_to_go(string text)
    {
        var header = new byte[DnsCryptRelayHeader.Length];
        DnsCryptRelayHeader.Write(Endpoint.Parse(text), header);
        Assert.True(DnsCryptRelayHeader.TryRead(header, out var endpoint));
        Assert.Equal(Endpoint.Parse(text), endpoint);
        header[3] = 0;
        Assert.False(DnsCryptRelayHeader.TryRead(header, out _));
    }

    // A tag that depends on key, nonce and message, and a "cipher" that is its own inverse.
    private sealed class XorBox : IDnsCryptBox
    {
        public void Seal(DnsCryptConstruction construction, ReadOnlySpan<byte> sharedKey, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> message, Span<byte> box)
        {
            box[..16].Clear();
            Mix(construction, sharedKey, nonce, message, box);
            for (var i = 0; i < message.Length; i++)
                box[16 + i] = (byte)(message[i] ^ sharedKey[i % 32]);
        }

        public bool TryOpen(DnsCryptConstruction construction, ReadOnlySpan<byte> sharedKey, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> box, Span<byte> message)
        {
            if (box.Length < 16)
                return false;
            for (var i = 16; i < box.Length; i++)
                message[i - 16] = (byte)(box[i] ^ sharedKey[(i - 16) % 32]);
            Span<byte> tag = stackalloc byte[16];
            tag.Clear();
            Mix(construction, sharedKey, nonce, message[..(box.Length - 16)], tag);
            return tag.SequenceEqual(box[..16]);
        }

        private static void Mix(DnsCryptConstruction construction, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> message, Span<byte> tag)
        {
            var hash = 14695981039346656037UL ^ (ulong)construction;
            foreach (var part in (byte[][])[key.ToArray(), nonce.ToArray(), message.ToArray()])
            {
                foreach (var value in part)
                    hash = (hash ^ value) * 1099511628211UL;
            }
            BitConverter.TryWriteBytes(tag, hash);
        }
    }
}
