using System.Text;
using CsCheck;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Http1;
using Gatehouse.Protocols.ProxyProtocol;

namespace Gatehouse.Protocols.Tests.ProxyProtocol;

public sealed class ProxyHeaderTests
{
    private static readonly byte[] Signature = [.. "\r\n\r\n\0\r\nQUIT\n"u8];

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\r\n", "192.0.2.1:56324", "198.51.100.2:443")]
    [InlineData("PROXY TCP4 0.0.0.0 255.255.255.255 0 65535\r\n", "0.0.0.0:0", "255.255.255.255:65535")]
    [InlineData("PROXY TCP6 2001:db8::1 ::1 1 2\r\n", "[2001:db8::1]:1", "[::1]:2")]
    [InlineData("PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
        "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535", "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535")]
    public void A_line_names_both_ends(string line, string source, string destination)
    {
        Assert.Equal(ParseStatus.Done, Read(line + "GET", out var header, out var length));
        Assert.Equal(new ProxyHeader(true, Endpoint.Parse(source), Endpoint.Parse(destination)), header);
        Assert.Equal(line.Length, length);
    }

    [Theory]
    [InlineData("PROXY UNKNOWN\r\n")]
    [InlineData("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n")]
    public void An_unknown_client_leaves_the_connections_own_ends(string line)
    {
        Assert.Equal(ParseStatus.Done, Read(line, out var header, out var length));
        Assert.False(header.IsProxied);
        Assert.Equal(line.Length, length);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("PROXZ")]
    [InlineData("proxy TCP4 1.1.1.1 2.2.2.2 1 2\r\n")]
    [InlineData("PROXY TCP4 1.1.1.1 2.2.2.2 1 2\n")]
    [InlineData("PROXY TCP4 1.1.1.1 2.2.2.2 1\r\n")]
    [InlineData("PROXY TCP4 1.1.1.1 2.2.2.2 1 2 3\r\n")]
    [InlineData("PROXY  TCP4 1.1.1.1 2.2.2.2 1 2\r\n")]
    [InlineData("PROXY TCP4 1.1.1.1 2.2.2.2 1 65536\r\n")]
    [InlineData("PROXY TCP4 1.1.1.1 2.2.2.2 01 2\r\n")]
    [InlineData("PROXY TCP4 1.1.1.1 2.2.2.2 +1 2\r\n")]
    [InlineData("PROXY TCP4 1.1.1.1 2.2.2.2  2\r\n")]
    [InlineData("PROXY TCP4 ::1 ::2 1 2\r\n")]
    [InlineData("PROXY TCP6 1.1.1.1 2.2.2.2 1 2\r\n")]
    [InlineData("PROXY TCP4 1.1.1.256 2.2.2.2 1 2\r\n")]
    [InlineData("PROXY UDP4 1.1.1.1 2.2.2.2 1 2\r\n")]
    [InlineData("PROXY UNKNOWNX\r\n")]
    [InlineData("\r\n\r\nGET / HTTP/1.1\r\n")]
    public void What_is_no_header_is_refused(string text)
    {
        Assert.Equal(ParseStatus.Failed, ProxyHeaderReader.Read(Encoding.ASCII.GetBytes(text), out _, out _, out var fault));
        Assert.StartsWith("expected", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_without_an_end_is_refused_at_its_longest() =>
        Assert.Equal(ParseStatus.Failed, Read("PROXY UNKNOWN " + new string('x', 93), out _, out _));

    [Fact]
    public void Further_fields_of_version_2_are_passed_over()
    {
        byte[] addresses = [192, 0, 2, 1, 198, 51, 100, 2, 0xDC, 0x04, 0x01, 0xBB];
        byte[] fields = [0x01, 0x00, 0x02, (byte)'h', (byte)'2'];
        byte[] header = [.. Signature, 0x21, 0x11, 0, (byte)(addresses.Length + fields.Length), .. addresses, .. fields];
        Assert.Equal(ParseStatus.Done, ProxyHeaderReader.Read(header, out var read, out var length, out _));
        Assert.Equal(new ProxyHeader(true, Endpoint.Parse("192.0.2.1:56324"), Endpoint.Parse("198.51.100.2:443")), read);
        Assert.Equal(header.Length, length);
    }

    [Theory]
    [InlineData(0x20, 0x11)]
    [InlineData(0x20, 0xFF)]
    [InlineData(0x21, 0x00)]
    [InlineData(0x21, 0x31)]
    [InlineData(0x21, 0x12)]
    public void Local_and_other_families_leave_the_connections_own_ends(byte command, byte kind)
    {
        Assert.Equal(ParseStatus.Done, ProxyHeaderReader.Read([.. Signature, command, kind, 0, 3, 1, 2, 3], out var header, out var length, out _));
        Assert.False(header.IsProxied);
        Assert.Equal(19, length);
    }

    [Theory]
    [InlineData(0x11, 0x11, 0, 12)]
    [InlineData(0x31, 0x11, 0, 12)]
    [InlineData(0x22, 0x11, 0, 12)]
    [InlineData(0x21, 0x11, 0, 11)]
    [InlineData(0x21, 0x21, 0, 35)]
    [InlineData(0x21, 0x41, 0, 12)]
    [InlineData(0x21, 0x11, 0xFF, 0xFF)]
    public void A_broken_version_2_is_refused(byte command, byte kind, byte high, byte low) =>
        Assert.Equal(ParseStatus.Failed, ProxyHeaderReader.Read([.. Signature, command, kind, high, low, .. new byte[low]], out _, out _, out _));

    [Fact]
    public void What_is_written_is_read_and_every_part_of_it_needs_more()
    {
        var addresses = Gen.OneOf(
            Gen.Select(Gen.UInt, Gen.UInt, (one, other) => (IpAddress.FromV4(one), IpAddress.FromV4(other))),
            Gen.Select(Gen.ULong, Gen.ULong, (one, other) => (IpAddress.FromV6(0x2001_0db8_0000_0000 | (one >> 32), other), IpAddress.FromV6(one, other))));
        Gen.Select(addresses, Gen.UShort, Gen.UShort, Gen.Bool).Sample((pair, port, other, isBinary) =>
        {
            Endpoint source = new(pair.Item1, port), destination = new(pair.Item2.IsV6 ? IpAddress.FromV6(0x2001_0db8_0000_0000, pair.Item2.Low) : pair.Item2, other);
            var bytes = isBinary ? ProxyHeaderWriter.Version2(source, destination) : ProxyHeaderWriter.Version1(source, destination);
            for (var i = 0; i < bytes.Length; i++)
            {
                if (ProxyHeaderReader.Read(bytes.AsSpan(0, i), out _, out _, out _) != ParseStatus.NeedMore)
                    return false;
            }

            return ProxyHeaderReader.Read([.. bytes, 0, 1], out var header, out var length, out _) == ParseStatus.Done
                && header == new ProxyHeader(true, source, destination) && length == bytes.Length;
        });
    }

    [Fact]
    public void Ends_of_two_families_are_not_told()
    {
        Endpoint v4 = Endpoint.Parse("1.1.1.1:1"), v6 = Endpoint.Parse("[::1]:2"), unix = new("/run/x");
        Assert.Equal("PROXY UNKNOWN\r\n"u8.ToArray(), ProxyHeaderWriter.Version1(v4, v6));
        Assert.Equal("PROXY UNKNOWN\r\n"u8.ToArray(), ProxyHeaderWriter.Version1(unix, unix));
        Assert.Equal(ParseStatus.Done, ProxyHeaderReader.Read(ProxyHeaderWriter.Version2(v4, unix), out var header, out _, out _));
        Assert.False(header.IsProxied);
    }

    [Fact]
    public void Any_bytes_have_an_answer() => Gen.Byte.Array[0, 300].Sample(bytes =>
    {
        byte[] input = bytes.Length % 2 == 0 ? bytes : [.. Signature, .. bytes];
        var status = ProxyHeaderReader.Read(input, out _, out var length, out var fault);
        return status == ParseStatus.Failed ? fault is not null : length <= input.Length;
    });

    private static ParseStatus Read(string text, out ProxyHeader header, out int length) =>
        ProxyHeaderReader.Read(Encoding.ASCII.GetBytes(text), out header, out length, out _);
}
