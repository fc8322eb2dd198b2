namespace Gatehouse.Interop.Tests.Proxying;

/// <summary>Behind a proxy that the configuration trusts, what it says of the client is believed and passed on.</summary>
public sealed class TrustTests(TrustServer server) : IClassFixture<TrustServer>
{
    [Fact]
    public void Forwarding_fields_of_a_trusted_proxy_pass_and_grow()
    {
        var head = Seen("/x", "X-Forwarded-For: 203.0.113.7, 127.0.0.9", "X-Forwarded-Proto: https", "X-Forwarded-Host: shop.example", "X-Forwarded-Port: 443", "X-Forwarded-Prefix: /shop");
        Assert.Equal("203.0.113.7, 127.0.0.9, 127.0.0.1", head["X-Forwarded-For"]);
        Assert.Equal(("https", "shop.example", "443", "/shop"), (head["X-Forwarded-Proto"], head["X-Forwarded-Host"], head["X-Forwarded-Port"], head["X-Forwarded-Prefix"]));
    }

    [Fact]
    public void What_it_does_not_say_is_added()
    {
        var head = Seen("/app/x");
        Assert.Equal(("127.0.0.1", "http", "test.example", "/app"), (head["X-Forwarded-For"], head["X-Forwarded-Proto"], head["X-Forwarded-Host"], head["X-Forwarded-Prefix"]));
    }

    [Theory]
    [InlineData("X-Forwarded-For: 192.0.2.5", true)]
    [InlineData("X-Forwarded-For: 6.6.6.6, 192.0.2.5, 127.0.0.3", true)]
    [InlineData("X-Forwarded-For: 192.0.2.5, 6.6.6.6", false)]
    [InlineData("X-Forwarded-For: 192.0.2.5:4711", true)]
    [InlineData("X-Forwarded-For: unknown, 192.0.2.5", true)]
    [InlineData("X-Forwarded-For: 192.0.2.5, garbage", false)]
    [InlineData("Forwarded: for=192.0.2.5;proto=https", true)]
    [InlineData("Forwarded: for=\"[2001:db8::1]\", for=192.0.2.5", true)]
    [InlineData("Forwarded: for=6.6.6.6", false)]
    [InlineData("X-Real-IP: 192.0.2.5", false)]
    public void The_client_is_the_first_from_the_right_that_is_not_trusted(string field, bool known) =>
        Assert.Equal(known, server.Served.Get("/", field).Text == "known client");

    private UpstreamRequest Seen(string target, params string[] fields) => new(server.Served.Get(target, fields).Text, []);
}
