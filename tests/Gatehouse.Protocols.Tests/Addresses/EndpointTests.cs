using System.Text;
using CsCheck;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Protocols.Tests.Addresses;

public sealed class EndpointTests
{
    private const string Expected = "expected ADDRESS:PORT like 127.0.0.1:80 or [::1]:80, :PORT for all addresses, or unix:PATH";

    [Theory]
    [InlineData("127.0.0.1:80", "127.0.0.1:80")]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("[2001:DB8::0:1]:65535", "[2001:db8::1]:65535")]
    [InlineData(":8080", "[::]:8080")]
    [InlineData("0.0.0.0:0", "0.0.0.0:0")]
    [InlineData("unix:/run/app.sock", "unix:/run/app.sock")]
    [InlineData("unix:app.sock", "unix:app.sock")]
    [InlineData("unix:@gatehouse", "unix:@gatehouse")]
    public void Reads_and_writes(string text, string canonical)
    {
        var endpoint = Endpoint.Parse(text);
        Span<byte> utf8 = stackalloc byte[160];
        Assert.True(endpoint.TryFormat(utf8, out var written));
        Assert.Equal(canonical, endpoint.ToString());
        Assert.Equal(canonical, Encoding.UTF8.GetString(utf8[..written]));
        Assert.False(endpoint.TryFormat(utf8[..(written - 1)], out var none));
        Assert.Equal(0, none);
    }

    public static TheoryData<string, string> Faults => new()
    {
        { "", $"'' has no port; {Expected}" },
        { "127.0.0.1", $"'127.0.0.1' has no port; {Expected}" },
        { "[::1]", $"'[::1]' has no port; {Expected}" },
        { "::1", "'::1' is an IPv6 address without brackets and a port; expected one like [::1]:80" },
        { "localhost:80", $"'localhost' is not an IP address; {Expected}" },
        { "[127.0.0.1]:80", $"'[127.0.0.1]' is not an IP address; {Expected}" },
        { "[::1%lo]:80", $"'[::1%lo]' is not an IP address; {Expected}" },
        { "127.0.0.1:", "'' is not a port; expected 0 to 65535" },
        { "127.0.0.1:65536", "'65536' is not a port; expected 0 to 65535" },
        { "127.0.0.1:-1", "'-1' is not a port; expected 0 to 65535" },
        { "127.0.0.1:080", "'080' is not a port; expected 0 to 65535" },
        { ":http", "'http' is not a port; expected 0 to 65535" },
        { "unix:", "'unix:' has no path; expected unix:PATH, or unix:@NAME for the abstract space" },
        { "unix:@", "'unix:' has no path; expected unix:PATH, or unix:@NAME for the abstract space" },
        { "unix:/a\0b", "the path of a Unix socket holds a NUL" },
        { "unix:/" + new string('é', 54), "the path of the Unix socket has 109 bytes; expected at most 107 (unix(7))" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Says_what_is_wrong(string text, string expected)
    {
        Assert.False(Endpoint.TryParse(text, out _, out var fault));
        Assert.Equal(expected, fault);
        Assert.Equal(expected, Assert.Throws<FormatException>(() => Endpoint.Parse(text)).Message);
    }

    [Fact]
    public void Endpoints_survive_their_text()
        => Gen.Select(IpAddressTests.Any, Gen.UShort).Select((address, port) => new Endpoint(address, port))
            .Sample(endpoint => Endpoint.Parse(endpoint.ToString()) == endpoint);

    [Fact]
    public void Noise_never_throws()
        => Gen.Char["unix:@/[]0123456789.:\0a"].Array[0, 24].Sample(
            characters => Endpoint.TryParse(new string(characters), out _, out var fault) == fault is null, iter: 10_000);

    [Fact]
    public void The_default_is_a_dash() => Assert.Equal("-", default(Endpoint).ToString());

    [Fact]
    public void An_abstract_name_is_known() =>
        Assert.Equal((true, false, false), (Endpoint.Parse("unix:@a").IsAbstract, Endpoint.Parse("unix:/a").IsAbstract, Endpoint.Parse(":1").IsAbstract));
}
