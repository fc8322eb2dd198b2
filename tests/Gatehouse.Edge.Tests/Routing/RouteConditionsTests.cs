using Gatehouse.Edge.Routing;
using Gatehouse.Edge.Tests.Support;
using Gatehouse.Http;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Testing;

namespace Gatehouse.Edge.Tests.Routing;

public sealed class RouteConditionsTests
{
    [Theory]
    [InlineData("GET", "GET", true)]
    [InlineData("GET", "HEAD", true)]
    [InlineData("HEAD", "GET", false)]
    [InlineData("HEAD", "HEAD", true)]
    [InlineData("POST", "GET", false)]
    [InlineData("PURGE", "PURGE", true)]
    [InlineData("PURGE", "PURGES", false)]
    [InlineData("GET", "get", false)]
    public void The_method_counts_with_its_case(string wanted, string method, bool expected) =>
        Assert.Equal(expected, new MethodCondition(["X", wanted]).Holds(new FakeExchange(method)));

    [Theory]
    [InlineData("X-Beta", "1", "X-Beta", "1", true)]
    [InlineData("x-beta", "1", "X-BETA", "1", true)]
    [InlineData("X-Beta", "1", "X-Beta", "11", false)]
    [InlineData("X-Beta", "*", "X-Beta", "", true)]
    [InlineData("X-Beta", "*", "X-Betas", "1", false)]
    [InlineData("Accept", "text/html", "accept", "text/html", true)]
    [InlineData("Accept", "text/html", "accept", "TEXT/HTML", false)]
    [InlineData("Accept", "*", "Accept-Encoding", "gzip", false)]
    public void A_field_has_a_value(string name, string value, string sent, string sentValue, bool expected) =>
        Assert.Equal(expected, new HeaderCondition(name, value).Holds(Reading.Exchange("/", ("Host", "h"), (sent, sentValue))));

    [Fact]
    public void One_of_several_fields_is_enough() =>
        Assert.True(new HeaderCondition("X-A", "2").Holds(Reading.Exchange("/", ("X-A", "1"), ("X-A", "2"))));

    [Theory]
    [InlineData("v", "2", "/?v=2", true)]
    [InlineData("v", "2", "/?a=1&v=2&v=3", true)]
    [InlineData("v", "2", "/?v=3&v=2", true)]
    [InlineData("v", "2", "/?v=22", false)]
    [InlineData("v", "2", "/?V=2", false)]
    [InlineData("v", "2", "/?v", false)]
    [InlineData("v", "*", "/?v", true)]
    [InlineData("v", "*", "/?vv=1", false)]
    [InlineData("v", "*", "/", false)]
    [InlineData("a b", "é&", "/?%61+b=%C3%A9%26", true)]
    [InlineData("v", "", "/?v=", true)]
    public void A_parameter_has_a_value(string name, string value, string target, bool expected) =>
        Assert.Equal(expected, new QueryCondition(name, value).Holds(Reading.Exchange(target)));

    [Fact]
    public void A_parameter_that_is_too_long_is_not_the_one() =>
        Assert.False(new QueryCondition("v", "*").Holds(Reading.Exchange("/?" + new string('v', 5000))));

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("11.0.0.1", false)]
    [InlineData("2001:db9::1", false)]
    public void The_client_is_in_a_prefix(string client, bool expected)
    {
        Assert.True(IpPrefix.TryParse("10.0.0.0/8", out var v4, out _));
        Assert.True(IpPrefix.TryParse("2001:db8::/32", out var v6, out _));
        var exchange = Reading.Exchange();
        exchange.Request.Client = Reading.Client(client);
        Assert.Equal(expected, new ClientCondition([v4, v6]).Holds(exchange));
    }

    [Theory]
    [InlineData("a.example", true)]
    [InlineData("A.Example:8080", true)]
    [InlineData("x.b.example", true)]
    [InlineData("b.example", false)]
    [InlineData("c.example", false)]
    public void The_host_is_one_of_some(string host, bool expected)
    {
        IHandler marker = Inner.Says("");
        var names = new SiteTable(Inner.Says(""));
        names.Add("a.example", false, marker);
        names.Add("b.example", true, marker);
        Assert.Equal(expected, new HostCondition(names, marker).Holds(Reading.Exchange("/", ("Host", host))));
    }
}
