using System.Text;
using CsCheck;
using Gatehouse.Edge.Routing;
using Gatehouse.Edge.Tests.Support;
using Gatehouse.Http;

namespace Gatehouse.Edge.Tests.Routing;

public sealed class SiteTableTests
{
    private static readonly Dictionary<string, IHandler> Sites = new()
    {
        ["example.com"] = Inner.Says("exact"),
        ["*.example.com"] = Inner.Says("wildcard"),
        ["*.deep.example.com"] = Inner.Says("deeper wildcard"),
        ["www.deep.example.com"] = Inner.Says("deep exact"),
        ["[::1]"] = Inner.Says("literal"),
        ["xn--bcher-kva.example"] = Inner.Says("idn"),
        [""] = Inner.Says("default"),
    };

    [Theory]
    [InlineData("example.com", "example.com")]
    [InlineData("EXAMPLE.com", "example.com")]
    [InlineData("www.example.com", "*.example.com")]
    [InlineData("WWW.Example.COM", "*.example.com")]
    [InlineData("a.b.example.com", "*.example.com")]
    [InlineData("deep.example.com", "*.example.com")]
    [InlineData("x.deep.example.com", "*.deep.example.com")]
    [InlineData("www.deep.example.com", "www.deep.example.com")]
    [InlineData("a.www.deep.example.com", "*.deep.example.com")]
    [InlineData("[::1]", "[::1]")]
    [InlineData("XN--BCHER-KVA.example", "xn--bcher-kva.example")]
    [InlineData("notexample.com", "")]
    [InlineData("example.com.", "")]
    [InlineData("example.com.evil", "")]
    [InlineData("com", "")]
    [InlineData(".example.com", "*.example.com")]
    [InlineData("", "")]
    [InlineData("...", "")]
    [InlineData("192.0.2.1", "")]
    public void The_nearest_name_wins(string host, string site) => Assert.Same(Sites[site], Table().Find(Encoding.Latin1.GetBytes(host)));

    [Fact]
    public async Task The_host_of_the_request_counts_without_its_port()
    {
        var exchange = Reading.Exchange("/", ("Host", "www.example.com:8443"));
        await Table().HandleAsync(exchange);
        Assert.Equal("wildcard", exchange.Text());
    }

    [Fact]
    public void A_name_has_one_site()
    {
        var table = Table();
        Assert.Throws<ArgumentException>(() => table.Add("EXAMPLE.COM", false, Inner.Says("x")));
        table.Add("deep.example.com", false, Inner.Says("x"));
    }

    [Fact]
    public void A_table_without_names_gives_its_default() => Assert.Same(Sites[""], new SiteTable(Sites[""]).Find("example.com"u8));

    [Fact]
    public void Any_bytes_find_some_site()
    {
        var table = Table();
        Gen.OneOf(Gen.Byte.Array[0, 300], Gen.Char[".aexmplco"].Array[0, 40].Select(text => Encoding.ASCII.GetBytes(new string(text))))
            .Sample(host => Sites.ContainsValue(table.Find(host)));
    }

    [Fact]
    public void A_lookup_allocates_nothing()
    {
        var table = Table();
        var allocated = 0L;
        for (var i = 0; i < 100; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            table.Find("a.b.Example.com"u8);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Assert.Equal(0, allocated);
    }

    private static SiteTable Table()
    {
        var table = new SiteTable(Sites[""]);
        foreach (var (name, site) in Sites.Where(site => site.Key.Length > 0))
            table.Add(name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name, name.StartsWith("*.", StringComparison.Ordinal), site);
        return table;
    }
}
