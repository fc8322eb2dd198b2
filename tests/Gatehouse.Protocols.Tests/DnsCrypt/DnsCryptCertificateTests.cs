using CsCheck;
using Gatehouse.Protocols.DnsCrypt;

namespace Gatehouse.Protocols.Tests.DnsCrypt;

public sealed class DnsCryptCertificateTests
{
    [Fact]
    public void It_is_read_as_it_was_written()
    {
        Gen.Select(Gen.Byte.Array[32], Gen.Byte[1, 254].Array[8], Gen.UInt, Gen.UInt, Gen.UInt).Sample((key, magic, serial, from, length) =>
        {
            var certificate = Make(key, magic, serial, from, (uint)Math.Min(uint.MaxValue, (ulong)from + length));
            Span<byte> bytes = stackalloc byte[DnsCryptCertificate.Length];
            certificate.Write(bytes);
            Assert.True(DnsCryptCertificate.TryParse(bytes, out var read, out _));
            Assert.Equal((certificate.Construction, serial, from), (read.Construction, read.Serial, read.NotBefore));
            Assert.True(read.ResolverKey.Span.SequenceEqual(key));
            Assert.True(read.ClientMagic.Span.SequenceEqual(magic));
        });
    }

    [Fact]
    public void A_signature_stands_before_what_it_signs()
    {
        Span<byte> bytes = stackalloc byte[DnsCryptCertificate.Length];
        Make(new byte[32], [1, 2, 3, 4, 5, 6, 7, 8], 1, 2, 3).Write(bytes);
        Span<byte> signature = stackalloc byte[DnsCryptCertificate.SignatureLength];
        signature.Fill(7);
        DnsCryptCertificate.WriteSignature(bytes, signature);
        Assert.True(DnsCryptCertificate.Signature(bytes).SequenceEqual(signature));
        Assert.Equal(52, DnsCryptCertificate.SignedPart(bytes).Length);
    }

    [Theory]
    [InlineData(0, "DNSX", "begin with DNSC")]
    [InlineData(4, "\0\u0003", "construction 3")]
    [InlineData(104, "\0\0\0\0\0\0\0\0", "reserved")]
    public void What_is_no_certificate_is_refused(int at, string change, string fault)
    {
        var bytes = new byte[DnsCryptCertificate.Length];
        Make(new byte[32], [1, 2, 3, 4, 5, 6, 7, 8], 1, 2, 3).Write(bytes);
        for (var i = 0; i < change.Length; i++)
            bytes[at + i] = (byte)change[i];
        Assert.False(DnsCryptCertificate.TryParse(bytes, out _, out var found));
        Assert.Contains(fault, found);
        Assert.False(DnsCryptCertificate.TryParse(bytes.AsSpan(1), out _, out found));
        Assert.Contains("123 bytes", found);
    }

    [Fact]
    public void The_higher_serial_wins_and_then_the_newer_construction()
    {
        var old = Make(new byte[32], [1, 0, 0, 0, 0, 0, 0, 1], 5, 0, 9);
        Assert.True(old.IsBetterThan(null));
        Assert.True((old with { Serial = 6 }).IsBetterThan(old));
        Assert.False((old with { Serial = 4 }).IsBetterThan(old));
        Assert.True((old with { Construction = DnsCryptConstruction.XChaCha20Poly1305 }).IsBetterThan(old));
        Assert.False(old.IsBetterThan(old));
        Assert.True(old.IsValidAt(9));
        Assert.False(old.IsValidAt(10));
    }

    private static DnsCryptCertificate Make(byte[] key, byte[] magic, uint serial, uint from, uint until) => new()
    {
        Construction = DnsCryptConstruction.XSalsa20Poly1305,
        ResolverKey = key,
        ClientMagic = magic,
        Serial = serial,
        NotBefore = from,
        NotAfter = until,
    };
}
