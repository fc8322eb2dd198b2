using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Tests.Names;

public sealed class CertificateNameTests
{
    [Theory]
    [InlineData("Shop.Example.COM", "shop.example.com")]
    [InlineData("shop.example.com.", "shop.example.com")]
    [InlineData("*.example.com", "*.example.com")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("localhost", "localhost")]
    [InlineData("_dmarc.example.com", "_dmarc.example.com")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("[2001:DB8::1]", "2001:db8::1")]
    [InlineData("2001:db8:0::1", "2001:db8::1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    public void Names_are_read(string text, string expected) => Assert.Equal(expected, CertificateName.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("*.")]
    [InlineData("a..b")]
    [InlineData("-a.test")]
    [InlineData("a.*.test")]
    [InlineData("w*.test")]
    [InlineData("*.*.test")]
    [InlineData("a b.test")]
    [InlineData("a/b")]
    [InlineData("a\0.test")]
    [InlineData("http://a.test")]
    [InlineData("1.2.3")]
    [InlineData("256.1.1.1")]
    [InlineData("*.192.0.2.1")]
    [InlineData("2001:db8::g")]
    public void What_is_no_name_is_told(string text)
    {
        Assert.False(CertificateName.TryParse(text, out _, out var fault));
        Assert.Contains("expected a DNS name", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.test", "a.test", true)]
    [InlineData("a.test", "A.TEST", true)]
    [InlineData("a.test", "b.test", false)]
    [InlineData("*.test", "a.test", true)]
    [InlineData("*.test", "a.b.test", false)]
    [InlineData("*.test", "test", false)]
    [InlineData("*.a.test", "*.a.test", true)]
    [InlineData("*.test", "*.a.test", false)]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("::1", "0:0::1", true)]
    public void A_name_covers_what_clients_accept_it_for(string name, string wanted, bool covers) =>
        Assert.Equal(covers, CertificateName.Parse(name).Covers(CertificateName.Parse(wanted)));

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("a.localhost", true)]
    [InlineData("shop.test", true)]
    [InlineData("*.shop.test", true)]
    [InlineData("db.internal", true)]
    [InlineData("printer.local", true)]
    [InlineData("nas.home.arpa", true)]
    [InlineData("web", true)]
    [InlineData("127.0.0.2", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.31.0.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.1.1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("2001:4860::1", false)]
    [InlineData("8.8.8.8", false)]
    [InlineData("shop.example.com", false)]
    [InlineData("contest", true)]
    [InlineData("a.contest", false)]
    [InlineData("home.arpa.example.com", false)]
    public void Local_names_are_known(string name, bool isLocal) => Assert.Equal(isLocal, LocalNames.Contains(CertificateName.Parse(name)));
}
