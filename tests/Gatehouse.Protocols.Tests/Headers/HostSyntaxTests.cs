using System.Text;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Protocols.Tests.Headers;

public sealed class HostSyntaxTests
{
    [Theory]
    [InlineData("a", true, false)]
    [InlineData("example.com", true, false)]
    [InlineData("a-b_c.d~e!$&'()*+,;=", true, false)]
    [InlineData("a-host-name-of-more-than-thirty-two-bytes.example.com:8080", true, true)]
    [InlineData("%41b%2e", true, false)]
    [InlineData("example.com:443", true, true)]
    [InlineData("example.com:0", true, true)]
    [InlineData("example.com:65535", true, true)]
    [InlineData("example.com:", true, false)]
    [InlineData("127.0.0.1:80", true, true)]
    [InlineData("[::]", true, false)]
    [InlineData("[::1]:443", true, true)]
    [InlineData("[1:2:3:4:5:6:7:8]", true, false)]
    [InlineData("[1::]", true, false)]
    [InlineData("[1:2:3:4:5:6:7::]", true, false)]
    [InlineData("[::ffff:192.0.2.1]:", true, false)]
    [InlineData("[1:2:3:4:5:6:1.2.3.4]", true, false)]
    [InlineData("", false, false)]
    [InlineData(":80", false, false)]
    [InlineData("a:b", false, false)]
    [InlineData("a:65536", false, false)]
    [InlineData("a:+1", false, false)]
    [InlineData("a: 1", false, false)]
    [InlineData("a:1:2", false, false)]
    [InlineData("a b", false, false)]
    [InlineData("a/b", false, false)]
    [InlineData("a?b", false, false)]
    [InlineData("a#b", false, false)]
    [InlineData("u@a", false, false)]
    [InlineData("a\\b", false, false)]
    [InlineData("%", false, false)]
    [InlineData("%4", false, false)]
    [InlineData("%4g", false, false)]
    [InlineData("\u00e9", false, false)]
    [InlineData("a\0", false, false)]
    [InlineData("::1", false, false)]
    [InlineData("[::1", false, false)]
    [InlineData("[]", false, false)]
    [InlineData("[::1]x", false, false)]
    [InlineData("[1:2:3:4:5:6:7]", false, false)]
    [InlineData("[1:2:3:4:5:6:7:8:9]", false, false)]
    [InlineData("[1:2:3:4::5:6:7:8]", false, false)]
    [InlineData("[1::2::3]", false, false)]
    [InlineData("[:::]", false, false)]
    [InlineData("[:1]", false, false)]
    [InlineData("[1:]", false, false)]
    [InlineData("[12345::]", false, false)]
    [InlineData("[::g]", false, false)]
    [InlineData("[::1%25eth0]", false, false)]
    [InlineData("[v1.a]", false, false)]
    [InlineData("[::1.2.3]", false, false)]
    [InlineData("[::1.2.3.256]", false, false)]
    [InlineData("[::1.2.3.04]", false, false)]
    [InlineData("[::1.2.3.4.5]", false, false)]
    [InlineData("[1.2.3.4]", false, false)]
    [InlineData("[1:2:3:4:5:6:7:1.2.3.4]", false, false)]
    public void Is_host_and_optional_port(string text, bool valid, bool validWithPort)
    {
        var bytes = Encoding.Latin1.GetBytes(text);

        Assert.Equal(valid, HostSyntax.IsValid(bytes));
        Assert.Equal(validWithPort, HostSyntax.IsValidWithPort(bytes));
        byte[] around = [.. "[1"u8, .. bytes, .. "a:1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"u8];
        Assert.Equal(valid, HostSyntax.IsValid(around, 2, 2 + bytes.Length, portRequired: false));
    }
}
