using System.Text;
using CsCheck;
using Gatehouse.Protocols.TlsHello;

namespace Gatehouse.Protocols.Tests.TlsHello;

public sealed class ServerNameExtensionTests
{
    [Theory]
    [InlineData("a.test", "a.test")]
    [InlineData("Shop.Example.COM", "shop.example.com")]
    [InlineData("example.com.", "example.com")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example")]
    [InlineData("_x.y-z", "_x.y-z")]
    public void A_name_is_read_in_lower_case(string sent, string read) => Assert.Equal(read, Read(Extension(sent)));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("bücher")]
    [InlineData("a\0b")]
    public void What_is_no_host_name_is_none(string sent) => Assert.Null(Read(Extension(sent)));

    [Fact]
    public void A_name_may_have_253_characters()
    {
        Assert.Equal(253, Read(Extension(new string('a', 253)))!.Length);
        Assert.Null(Read(Extension(new string('a', 254))));
    }

    [Fact]
    public void Wrong_lengths_other_types_and_second_names_are_none()
    {
        var good = Extension("a.test");
        for (var i = 0; i < good.Length; i++)
            Assert.Null(Read(good[..i]));
        Assert.Null(Read([.. good, 0]));
        Assert.Null(Read([good[0], good[1], 1, .. good[3..]]));
        byte[] two = [.. good, .. good[2..]];
        two[1] = (byte)(two.Length - 2);
        Assert.Null(Read(two));
    }

    [Fact]
    public void Any_bytes_are_none_or_a_name() =>
        Gen.Byte.Array[0, 300].Sample(bytes => Read(bytes) is null or { Length: > 0 and <= ServerNameExtension.MaxLength });

    internal static byte[] Extension(string name)
    {
        var text = Encoding.UTF8.GetBytes(name);
        return [(byte)((text.Length + 3) >> 8), (byte)(text.Length + 3), 0, (byte)(text.Length >> 8), (byte)text.Length, .. text];
    }

    private static string? Read(byte[] content)
    {
        Span<char> name = stackalloc char[ServerNameExtension.MaxLength];
        return ServerNameExtension.TryRead(content, name, out var length) ? new string(name[..length]) : null;
    }
}
