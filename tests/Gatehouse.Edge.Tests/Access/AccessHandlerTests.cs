using Gatehouse.Edge.Access;
using Gatehouse.Edge.Tests.Support;
using Gatehouse.Edge.Trust;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Edge.Tests.Access;

public sealed class AccessHandlerTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "", "10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "", "11.0.0.1", false)]
    [InlineData("", "10.0.0.0/8", "10.1.2.3", false)]
    [InlineData("", "10.0.0.0/8", "11.0.0.1", true)]
    [InlineData("10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", false)]
    [InlineData("10.0.0.0/8", "10.1.0.0/16", "10.2.2.3", true)]
    [InlineData("10.0.0.0/8", "10.1.0.0/16", "192.0.2.1", false)]
    [InlineData("10.1.2.3", "10.1.2.0/24", "10.1.2.3", true)]
    [InlineData("10.1.2.3", "10.1.2.0/24", "10.1.2.4", false)]
    [InlineData("0.0.0.0/0", "10.0.0.0/8", "192.0.2.1", true)]
    [InlineData("0.0.0.0/0", "10.0.0.0/8", "2001:db8::1", false)]
    [InlineData("2001:db8::/32", "", "2001:db8:1::2", true)]
    [InlineData("2001:db8::/32", "", "2001:db9::2", false)]
    [InlineData("10.0.0.0/8", "", "::ffff:10.1.2.3", true)]
    [InlineData("", "10.0.0.0/8", "::ffff:10.1.2.3", false)]
    public async Task The_longest_prefix_decides(string allow, string deny, string client, bool expected)
    {
        var inner = Inner.Says("in");
        var exchange = Reading.Exchange();
        exchange.Request.Client = Reading.Client(client);
        await Wrap(allow, deny, inner).HandleAsync(exchange);
        Assert.Equal(expected ? (1, 200) : (0, 403), (inner.Calls, exchange.Response.Status));
        Assert.Equal(!expected, exchange.Notes.Failure is not null);
    }

    [Theory]
    [InlineData("10.0.0.0/8", "", false)]
    [InlineData("", "10.0.0.0/8", true)]
    public async Task Who_has_no_address_is_in_no_prefix(string allow, string deny, bool expected)
    {
        var inner = Inner.Says("in");
        var exchange = Reading.Exchange();
        exchange.Request.Client = new Endpoint("/run/a.sock");
        await Wrap(allow, deny, inner).HandleAsync(exchange);
        Assert.Equal(expected ? 1 : 0, inner.Calls);
    }

    [Fact]
    public async Task The_client_is_whom_a_trusted_proxy_names()
    {
        var handler = new TrustHandler([Prefix("192.0.2.1")], Wrap("10.0.0.0/8", "", Inner.Says("in")));
        var inside = Reading.Exchange("/", ("X-Forwarded-For", "10.1.1.1"));
        await handler.HandleAsync(inside);
        Assert.Equal(200, inside.Response.Status);
        var outside = Reading.Exchange("/", ("X-Forwarded-For", "10.1.1.1, 203.0.113.9"));
        await handler.HandleAsync(outside);
        Assert.Equal(403, outside.Response.Status);
    }

    [Fact]
    public async Task A_client_cannot_name_itself()
    {
        var exchange = Reading.Exchange("/", ("X-Forwarded-For", "10.1.1.1"), ("Forwarded", "for=10.1.1.1"));
        await Wrap("10.0.0.0/8", "", Inner.Says("in")).HandleAsync(exchange);
        Assert.Equal(403, exchange.Response.Status);
    }

    [Fact]
    public void Faults_are_told()
    {
        Assert.Equal([""], Faults.Of(new AccessConfig()).Settings);
        Assert.Equal(["deny.1"], Faults.Of(new AccessConfig { Allow = [Prefix("10.0.0.0/8")], Deny = [Prefix("10.0.0.0/9"), Prefix("10.0.0.0/8")] }).Settings);
    }

    private static Http.IHandler Wrap(string allow, string deny, Http.IHandler inner) => new AccessFeature().Wrap(
        new AccessConfig { Allow = allow.Length == 0 ? [] : [Prefix(allow)], Deny = deny.Length == 0 ? [] : [Prefix(deny)] }, inner, Reading.Context());

    private static IpPrefix Prefix(string text) => IpPrefix.TryParse(text, out var prefix, out var fault) ? prefix : throw new FormatException(fault);
}
