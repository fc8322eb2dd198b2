using Gatehouse.Dns.Hosts;
using Gatehouse.Dns.Resolver;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Dns.Tests.Hosts;

public sealed class HostsTableTests
{
    [Fact]
    public void Lines_have_an_address_and_its_names()
    {
        var table = HostsTable.Parse("127.0.0.1\tlocalhost # here\n\n#192.0.2.9 gone\n192.0.2.1  a.example a\r\n::1 a.example\nfe80::1%lo0 link\nnonsense b\n192.0.2.1 a.example\n");
        Assert.Equal([IpAddress.Parse("192.0.2.1"), IpAddress.Parse("::1")], table.AddressesOf(DnsName.Parse("A.Example")));
        Assert.Equal([IpAddress.Parse("192.0.2.1")], table.AddressesOf(DnsName.Parse("a")));
        Assert.Equal([IpAddress.Parse("fe80::1")], table.AddressesOf(DnsName.Parse("link")));
        Assert.Empty(table.AddressesOf(DnsName.Parse("b")));
        Assert.Empty(table.AddressesOf(DnsName.Parse("gone")));
        Assert.Equal("a.example.", table.NameOf(IpAddress.Parse("192.0.2.1")).ToString());
        Assert.Null(table.NameOf(IpAddress.Parse("192.0.2.9")));
    }

    [Fact]
    public void Resolv_conf_is_read_as_its_manual_says()
    {
        var conf = ResolvConf.Parse("# x\nnameserver 192.0.2.1\nnameserver 2001:db8::1\nnameserver bad\nnameserver 192.0.2.3\nnameserver 192.0.2.4\n"
            + "domain old.example\nsearch a.example b.example.\noptions ndots:2 timeout:3 attempts:9 rotate unknown use-vc\n");
        Assert.Equal(["tcp://192.0.2.1:53", "tcp://[2001:db8::1]:53", "tcp://192.0.2.3:53"], conf.Servers.Select(static server => server.Text));
        Assert.Equal(["a.example.", "b.example."], conf.Search.Select(static name => name.ToString()));
        Assert.Equal((2, TimeSpan.FromSeconds(3), 5, true), (conf.Dots, conf.Timeout, conf.Attempts, conf.Rotate));
        Assert.Equal("127.0.0.1:53", Assert.Single(ResolvConf.Parse("").Servers).Text);
    }

    [Theory]
    [InlineData("hosts: files dns", "files dns", false)]
    [InlineData("passwd: files\nhosts:\tdns files # x", "dns files", false)]
    [InlineData("hosts: files mdns4_minimal [NOTFOUND=return] dns", "files dns", false)]
    [InlineData("hosts: files [NOTFOUND=return] dns", "files dns", true)]
    [InlineData("hosts: mymachines resolve", "", false)]
    [InlineData("", "files dns", false)]
    public void Nsswitch_conf_says_where_to_look(string text, string sources, bool stops)
    {
        var order = NameSwitch.Parse(text);
        Assert.Equal((sources, stops), (string.Join(' ', order.Sources), order.StopsAfterFiles));
    }

    [Theory]
    [InlineData("192.0.2.1", "1.2.0.192.in-addr.arpa.")]
    [InlineData("2001:db8::567:89ab", "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.")]
    [InlineData("::ffff:192.0.2.1", "1.2.0.192.in-addr.arpa.")]
    public void Addresses_have_names_to_point_from(string address, string name) => Assert.Equal(name, ReverseName.Of(IpAddress.Parse(address)).ToString());

    // The examples of RFC 6724 section 10.2.
    [Theory]
    [InlineData("2001:db8:1::1=2001:db8:1::2 198.51.100.121=169.254.13.78", "2001:db8:1::1 198.51.100.121")]
    [InlineData("2001:db8:1::1=fe80::1 198.51.100.121=198.51.100.117", "198.51.100.121 2001:db8:1::1")]
    [InlineData("2001:db8:1::1=2001:db8:1::2 10.1.2.3=10.1.2.4", "2001:db8:1::1 10.1.2.3")]
    [InlineData("2001:db8:1::1=2001:db8:1::2 fe80::1=fe80::2", "fe80::1 2001:db8:1::1")]
    [InlineData("2002:c633:6401::1=2002:c633:6401::2 2001:db8:1::1=2002:c633:6401::2", "2002:c633:6401::1 2001:db8:1::1")]
    [InlineData("2001:db8:1::1= 192.0.2.1=192.0.2.2", "192.0.2.1 2001:db8:1::1")]
    [InlineData("2001:db8:3ffe::1=2001:db8:1::1 2001:db8:1::2=2001:db8:1::1", "2001:db8:1::2 2001:db8:3ffe::1")]
    public void Addresses_are_tried_in_the_order_of_rfc_6724(string pairs, string order)
    {
        var sources = pairs.Split(' ').Select(static pair => pair.Split('=')).ToDictionary(
            static pair => IpAddress.Parse(pair[0]), static pair => pair[1].Length == 0 ? default : IpAddress.Parse(pair[1]));
        Assert.Equal(order, string.Join(' ', AddressSelection.Sort([.. sources.Keys], address => sources[address])));
        Assert.Equal(order, string.Join(' ', AddressSelection.Sort([.. sources.Keys.Reverse()], address => sources[address])));
    }
}
