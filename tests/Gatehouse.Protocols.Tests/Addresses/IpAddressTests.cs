using System.Net;
using System.Text;
using CsCheck;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Protocols.Tests.Addresses;

public sealed class IpAddressTests
{
    internal static readonly Gen<IpAddress> V4 = Gen.UInt.Select(IpAddress.FromV4);

    // Groups are often zero, so that runs of zeros of every length and place come up.
    internal static readonly Gen<IpAddress> V6 = Gen
        .Frequency((3, Gen.Const((ushort)0)), (2, Gen.UShort), (1, Gen.UShort[0, 255]), (1, Gen.Const(ushort.MaxValue))).Array[8]
        .Select(groups => IpAddress.FromV6(Join(groups.AsSpan(0, 4)), Join(groups.AsSpan(4))));

    internal static readonly Gen<IpAddress> Any = Gen.OneOf(V4, V6, Gen.UInt.Select(bits => IpAddress.FromV6(0, 0xFFFF_0000_0000UL | bits)));

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("1::", "1::")]
    [InlineData("2001:0DB8:0000:0000:0000:0000:0002:0001", "2001:db8::2:1")]
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")] // section 4.2.2: one group is not shortened
    [InlineData("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    [InlineData("2001:0:0:1:0:0:0:1", "2001:0:0:1::1")] // section 4.2.3: the longest run
    [InlineData("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1")] // section 4.2.3: the first of equal runs
    [InlineData("2001:db8::AAAA:0:0:1", "2001:db8::aaaa:0:0:1")]
    [InlineData("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0")]
    [InlineData("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8")]
    [InlineData("::ffff:192.0.2.128", "::ffff:192.0.2.128")] // section 5
    [InlineData("::FFFF:c000:0280", "::ffff:192.0.2.128")]
    [InlineData("64:ff9b::192.0.2.33", "64:ff9b::c000:221")]
    [InlineData("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304")]
    public void Reads_and_writes_the_canonical_text_of_rfc_5952(string text, string canonical)
    {
        Assert.True(IpAddress.TryParse(text, out var address));
        Assert.Equal(canonical, address.ToString());
        Assert.True(IpAddress.TryParse(Encoding.UTF8.GetBytes(text), out var fromBytes));
        Assert.Equal(address, fromBytes);
        Assert.Equal(IPAddress.Parse(text), address.ToIPAddress());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.1000")]
    [InlineData("01.2.3.4")] // octal for inet_aton
    [InlineData("1.2.3.00")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("127.1")]
    [InlineData("1.2.3.4 ")]
    [InlineData(" 1.2.3.4")]
    [InlineData("1..3.4")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData(":1")]
    [InlineData("1:")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4::5:6:7:8")] // the run must stand for a group
    [InlineData("1::2::3")]
    [InlineData("12345::")]
    [InlineData("::g")]
    [InlineData("[::1]")]
    [InlineData("::1%eth0")] // zone ids are refused
    [InlineData("::1.2.3")]
    [InlineData("::1.2.3.4:5")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("fe80::1/64")]
    [InlineData("１.2.3.4")] // a full-width digit
    public void Refuses_what_is_not_an_address(string text)
    {
        Assert.False(IpAddress.TryParse(text, out _));
        Assert.False(IpAddress.TryParse(Encoding.UTF8.GetBytes(text), out _));
        Assert.Throws<FormatException>(() => IpAddress.Parse(text));
    }

    [Fact]
    public void Every_address_survives_its_text_its_bytes_and_the_runtime()
        => Any.Sample(address =>
        {
            Span<byte> utf8 = stackalloc byte[IpAddress.MaxTextLength];
            Span<char> chars = stackalloc char[IpAddress.MaxTextLength];
            Span<byte> bytes = stackalloc byte[16];
            Assert.True(address.TryFormat(utf8, out var written));
            Assert.True(address.TryFormat(chars, out var charsWritten));
            Assert.True(IpAddress.TryParse(utf8[..written], out var parsed));
            Assert.True(address.TryWriteBytes(bytes, out var byteCount));
            Assert.Equal(address, parsed);
            Assert.Equal(address.ToString(), chars[..charsWritten].ToString());
            Assert.Equal(address, IpAddress.Parse(chars[..charsWritten]));
            Assert.Equal(address, IpAddress.FromBytes(bytes[..byteCount]));
            Assert.Equal(address, IpAddress.FromIPAddress(address.ToIPAddress()));
        });

    [Fact]
    public void The_text_is_the_runtimes_where_both_follow_rfc_5952()
        => Any.Sample(address =>
        {
            // .NET also writes IPv4-compatible (::a.b.c.d), SIIT and ISATAP addresses in mixed notation, and does not for ::ffff:0.0.c.d; RFC 5952
            // section 5 names the well-known prefix alone, and all of it.
            var expected = address.ToIPAddress().ToString();
            if (address.IsV4Mapped)
                Assert.Equal("::ffff:" + address.Unmapped.ToIPAddress(), address.ToString());
            else if (address.IsV4 || !expected.Contains('.'))
                Assert.Equal(expected, address.ToString());
        });

    [Fact]
    public void Whatever_is_taken_from_noise_is_what_the_runtime_reads()
        => Gen.Char["0123456789abcdefABCDEF:.::.%x "].Array[0, 20].Select(characters => new string(characters)).Sample(
            text =>
            {
                if (IpAddress.TryParse(text, out var address))
                    Assert.Equal(IPAddress.Parse(text), address.ToIPAddress());
                Assert.Equal(IpAddress.TryParse(text, out _), IpAddress.TryParse(Encoding.UTF8.GetBytes(text), out _));
            },
            iter: 20_000);

    [Fact]
    public void Every_ipv6_text_of_the_runtime_is_taken_but_zone_ids()
        => Gen.Char["01f::."].Array[2, 12].Select(characters => new string(characters)).Sample(
            text =>
            {
                if (text.Contains(':') && IPAddress.TryParse(text, out var expected))
                    Assert.Equal(expected, IpAddress.Parse(text).ToIPAddress());
            },
            iter: 50_000);

    [Fact]
    public void Random_bytes_never_throw()
        => Gen.Byte.Array[0, 64].Sample(bytes => !IpAddress.TryParse(bytes, out var address) || !address.IsNone);

    [Fact]
    public void Masked_clears_the_bits_behind()
        => Gen.Select(Any, Gen.Int[0, 128]).Sample((address, bits) =>
        {
            bits = Math.Min(bits, address.BitLength);
            var masked = address.Masked(bits);
            for (var i = 0; i < address.BitLength; i++)
                Assert.Equal(i < bits && Bit(address, i), Bit(masked, i));
        });

    [Fact]
    public void A_short_destination_is_refused_and_nothing_is_written()
    {
        var address = IpAddress.Parse("2001:db8::1");
        Assert.False(address.TryFormat(new byte[10], out var bytes));
        Assert.False(address.TryFormat(new char[10], out var characters));
        Assert.False(address.TryWriteBytes(new byte[15], out var raw));
        Assert.Equal((0, 0, 0), (bytes, characters, raw));
    }

    [Fact]
    public void No_address_has_a_dash_for_text_and_no_form_elsewhere()
    {
        Assert.Equal("-", default(IpAddress).ToString());
        Assert.Throws<InvalidOperationException>(() => default(IpAddress).ToIPAddress());
        Assert.False(IpAddress.TryParse("-", out _));
        Assert.Throws<ArgumentException>(() => IpAddress.FromBytes(new byte[5]));
    }

    [Fact]
    public void An_ipv4_mapped_address_knows_its_ipv4_address()
    {
        Assert.Equal(IpAddress.Parse("192.0.2.1"), IpAddress.Parse("::ffff:192.0.2.1").Unmapped);
        Assert.Equal(IpAddress.Parse("::192.0.2.1"), IpAddress.Parse("::192.0.2.1").Unmapped);
    }

    private static bool Bit(IpAddress address, int index)
    {
        var bytes = address.ToIPAddress().GetAddressBytes();
        return (bytes[index / 8] >> (7 - index % 8) & 1) != 0;
    }

    private static ulong Join(ReadOnlySpan<ushort> groups) => (ulong)groups[0] << 48 | (ulong)groups[1] << 32 | (ulong)groups[2] << 16 | groups[3];
}
