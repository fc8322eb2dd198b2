using Gatehouse.Dns.Servers;

namespace Gatehouse.Dns.Tests.Servers;

public sealed class ServerAddressTests
{
    [Theory]
    [InlineData("192.0.2.1", ServerProtocol.Udp, "192.0.2.1:53")]
    [InlineData("192.0.2.1:5353", ServerProtocol.Udp, "192.0.2.1:5353")]
    [InlineData("2001:db8::1", ServerProtocol.Udp, "[2001:db8::1]:53")]
    [InlineData("[2001:db8::1]:54", ServerProtocol.Udp, "[2001:db8::1]:54")]
    [InlineData("tcp://192.0.2.1", ServerProtocol.Tcp, "192.0.2.1:53")]
    [InlineData("tls://192.0.2.1", ServerProtocol.Tls, "192.0.2.1:853")]
    [InlineData("tls://Dns.Example.", ServerProtocol.Tls, "dns.example:853")]
    [InlineData("https://dns.example:8443/q{?dns}", ServerProtocol.Https, "dns.example:8443")]
    [InlineData("localhost:53", ServerProtocol.Udp, "localhost:53")]
    public void Addresses_say_how_and_where(string text, ServerProtocol protocol, string authority)
    {
        Assert.True(ServerAddress.TryParse(text, out var address, out var fault), fault);
        Assert.Equal((protocol, authority), (address.Protocol, address.Authority));
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("https://dns.example", "/dns-query")]
    [InlineData("https://dns.example/", "/dns-query")]
    [InlineData("https://dns.example/dns-query{?dns}", "/dns-query")]
    [InlineData("https://dns.example/a/b?c=d", "/a/b?c=d")]
    public void Resources_have_a_path(string text, string path)
    {
        Assert.True(ServerAddress.TryParse(text, out var address, out _));
        Assert.Equal(path, address.Path);
    }

    [Fact]
    public void What_stands_behind_the_hash_is_not_sent()
    {
        Assert.True(ServerAddress.TryParse("tls://dns.example#address=192.0.2.1,address=::1,pin=sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,verify=off", out var address, out _));
        Assert.Equal(2, address.Addresses.Count);
        Assert.Single(address.Pins);
        Assert.False(address.Verifies);
        Assert.Equal("dns.example", address.CertificateName);
        Assert.True(ServerAddress.TryParse("https://192.0.2.1/q#name=dns.example,method=get", out address, out _));
        Assert.Equal("dns.example", address.CertificateName);
        Assert.True(address.UsesGet);
    }

    [Theory]
    [InlineData("dns.example", "asked for first")]
    [InlineData("ftp://192.0.2.1", "tls://")]
    [InlineData("192.0.2.1:0", "port")]
    [InlineData("192.0.2.1:65536", "port")]
    [InlineData("tls://192.0.2.1/path", "https://")]
    [InlineData("tls://", "address or name")]
    [InlineData("tls://[::1", "address or name")]
    [InlineData("tls://a b", "address or name")]
    [InlineData("tls://a#pin=xx", "pin=")]
    [InlineData("tls://a#what=1", "address=")]
    public void What_is_no_address_is_refused(string text, string reason)
    {
        Assert.False(ServerAddress.TryParse(text, out _, out var fault));
        Assert.Contains(reason, fault, StringComparison.Ordinal);
    }
}
