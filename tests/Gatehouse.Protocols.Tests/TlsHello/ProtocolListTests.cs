using CsCheck;
using Gatehouse.Protocols.TlsHello;

namespace Gatehouse.Protocols.Tests.TlsHello;

public sealed class ProtocolListTests
{
    [Fact]
    public void Names_stand_after_their_length() => Assert.Equal("\u0002h2\u0008http/1.1"u8.ToArray(), ProtocolList.Of("h2", "http/1.1"));

    [Fact]
    public void The_servers_preference_counts()
    {
        var offered = ProtocolList.Of("http/1.1", "h2", "http/1.0");
        Assert.Equal(10, ProtocolList.Pick(offered, ProtocolList.Of("h2", "http/1.1")));
        Assert.Equal(1, ProtocolList.Pick(offered, ProtocolList.Of("http/1.1", "h2")));
        Assert.Equal(-1, ProtocolList.Pick(offered, ProtocolList.Of("h3")));
        Assert.Equal(-1, ProtocolList.Pick([], ProtocolList.Of("h3")));
        Assert.Equal(-1, ProtocolList.Pick(offered, []));
    }

    [Fact]
    public void A_part_of_a_name_is_not_the_name()
    {
        Assert.Equal(-1, ProtocolList.IndexOf(ProtocolList.Of("h2c"), "h2"u8));
        Assert.Equal(-1, ProtocolList.IndexOf(ProtocolList.Of("h"), "h2"u8));
    }

    [Fact]
    public void What_follows_a_broken_entry_is_not_looked_at()
    {
        Assert.Equal(-1, ProtocolList.IndexOf([0, 2, (byte)'h', (byte)'2'], "h2"u8));
        Assert.Equal(-1, ProtocolList.IndexOf([9, 2, (byte)'h', (byte)'2'], "h2"u8));
        Gen.Byte.Array[0, 40].Sample(bytes => ProtocolList.IndexOf(bytes, "h2"u8) is -1 or > 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("é")]
    public void Names_are_ascii_and_not_empty(string name) => Assert.Throws<ArgumentException>(() => ProtocolList.Of(name));
}
