using CsCheck;
using Gatehouse.Edge.Tests.Support;
using Gatehouse.Edge.Trust;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Testing;

namespace Gatehouse.Edge.Tests.Trust;

public sealed class TrustHandlerTests
{
    private static readonly Gen<string> Lists = Gen.String[Gen.Char["0123456789.:,[]\"=;forunkw _ab\\\u00ff"], 0, 80];

    // The peer of the fake is 192.0.2.1; 10.0.0.0/8 and fd00::/8 are proxies too.
    private static readonly IpPrefix[] Trusted = [.. new[] { "192.0.2.1", "10.0.0.0/8", "fd00::/8" }.Select(Prefix)];

    [Theory]
    [InlineData("198.51.100.7", "198.51.100.7:0")]
    [InlineData("198.51.100.7:4711", "198.51.100.7:4711")]
    [InlineData("2001:db8::1", "[2001:db8::1]:0")]
    [InlineData("[2001:db8::1]", "[2001:db8::1]:0")]
    [InlineData("[2001:db8::1]:4711", "[2001:db8::1]:4711")]
    [InlineData("6.6.6.6, 198.51.100.7", "198.51.100.7:0")]
    [InlineData("6.6.6.6,198.51.100.7,10.0.0.1", "198.51.100.7:0")]
    [InlineData(" 6.6.6.6 ,\t198.51.100.7\t, 10.0.0.1 ,fd00::7 ", "198.51.100.7:0")]
    [InlineData("198.51.100.7,,10.0.0.1,", "198.51.100.7:0")]
    [InlineData("10.0.0.2, 10.0.0.1", "10.0.0.2:0")]
    [InlineData("198.51.100.7, unknown", "192.0.2.1:40000")]
    [InlineData("198.51.100.7, unknown, 10.0.0.1", "10.0.0.1:0")]
    [InlineData("198.51.100.7, _hidden", "192.0.2.1:40000")]
    [InlineData("198.51.100.7, 10.0.0.1.5", "192.0.2.1:40000")]
    [InlineData("198.51.100.7, 10.0.0.256", "192.0.2.1:40000")]
    [InlineData("198.51.100.7, 010.0.0.1", "192.0.2.1:40000")]
    [InlineData("198.51.100.7, 0x0a000001", "192.0.2.1:40000")]
    [InlineData("198.51.100.7, 10.0.0.1:99999", "192.0.2.1:40000")]
    [InlineData("198.51.100.7, 10.0.0.1:", "192.0.2.1:40000")]
    [InlineData("198.51.100.7, [10.0.0.1", "192.0.2.1:40000")]
    [InlineData("198.51.100.7, unix:/run/x", "192.0.2.1:40000")]
    [InlineData("198.51.100.7, :80", "192.0.2.1:40000")]
    [InlineData("198.51.100.7, localhost", "192.0.2.1:40000")]
    [InlineData("198.51.100.7, 80", "192.0.2.1:40000")]
    [InlineData("198.51.100.7, *:80", "192.0.2.1:40000")]
    [InlineData("198.51.100.7, :::80", "192.0.2.1:40000")]
    [InlineData("198.51.100.7, \"10.0.0.1\"", "192.0.2.1:40000")]
    [InlineData("198.51.100.7, 127.0.0.1\0", "192.0.2.1:40000")]
    [InlineData("", "192.0.2.1:40000")]
    [InlineData(",,, ,", "192.0.2.1:40000")]
    public async Task X_Forwarded_For_is_read_from_the_right(string value, string client) => Assert.Equal(client, await ClientOf(("X-Forwarded-For", value)));

    [Fact]
    public async Task Fields_of_one_name_are_one_list() =>
        Assert.Equal("198.51.100.7:0", await ClientOf(("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-For", "198.51.100.7"), ("X-Forwarded-For", "10.0.0.1")));

    [Theory]
    [InlineData("for=198.51.100.7", "198.51.100.7:0", false)]
    [InlineData("for=198.51.100.7;proto=https", "198.51.100.7:0", true)]
    [InlineData("For=198.51.100.7; Proto=HTTPS", "198.51.100.7:0", true)]
    [InlineData("proto=http;for=\"198.51.100.7:4711\"", "198.51.100.7:4711", false)]
    [InlineData("for=\"[2001:db8::1]\"", "[2001:db8::1]:0", false)]
    [InlineData("for=\"[2001:db8::1]:4711\";by=10.0.0.1", "[2001:db8::1]:4711", false)]
    [InlineData("for=6.6.6.6, for=198.51.100.7;proto=https, for=10.0.0.1;proto=http", "198.51.100.7:0", true)]
    [InlineData("for=6.6.6.6;proto=https, for=198.51.100.7", "198.51.100.7:0", false)]
    [InlineData("for=198.51.100.7, for=unknown", "192.0.2.1:40000", false)]
    [InlineData("for=198.51.100.7, for=_gazonk", "192.0.2.1:40000", false)]
    [InlineData("for=198.51.100.7, by=10.0.0.1", "192.0.2.1:40000", false)]
    [InlineData("for=198.51.100.7, 10.0.0.1", "192.0.2.1:40000", false)]
    [InlineData("xfor=198.51.100.7", "192.0.2.1:40000", false)]
    [InlineData("for =198.51.100.7", "192.0.2.1:40000", false)]
    [InlineData("for", "192.0.2.1:40000", false)]
    [InlineData("for=", "192.0.2.1:40000", false)]
    [InlineData("for=\"", "192.0.2.1:40000", false)]
    [InlineData("=198.51.100.7", "192.0.2.1:40000", false)]
    [InlineData(";;;for=198.51.100.7;;", "198.51.100.7:0", false)]
    [InlineData("", "192.0.2.1:40000", false)]
    public async Task Forwarded_is_read_from_the_right(string value, string client, bool isSecure)
    {
        var exchange = await Ask(("Forwarded", value));
        Assert.Equal((client, isSecure), (exchange.Request.Client.ToString(), exchange.Request.IsSecure));
    }

    // A proxy that tells the Host field in an element of its own quotes it; commas and semicolons in it are the client's.
    [Theory]
    [InlineData("for=198.51.100.7;host=\"evil,for=6.6.6.6\"", "198.51.100.7:0")]
    [InlineData("for=198.51.100.7;host=\"evil, for=6.6.6.6;proto=https\", for=10.0.0.1", "198.51.100.7:0")]
    [InlineData("host=\"evil;for=6.6.6.6;x=\";for=198.51.100.7", "198.51.100.7:0")]
    [InlineData("host=\"a\\\",for=6.6.6.6,\\\"\";for=198.51.100.7", "198.51.100.7:0")]
    [InlineData("host=\"a\\\\\", for=198.51.100.7", "198.51.100.7:0")]
    [InlineData("for=\"6.6.6.6, for=198.51.100.7", "198.51.100.7:0")]
    [InlineData("for=\"6.6.6.6;x=\\, for=198.51.100.7;host=\"a,b\", for=10.0.0.1", "198.51.100.7:0")]
    [InlineData("for=\"198.51.100.7, for=10.0.0.1\"", "192.0.2.1:40000")]
    [InlineData("for=10.0.0.2, x=\", for=10.0.0.1", "10.0.0.1:0")]
    public async Task What_stands_in_quotes_is_no_element(string value, string client) => Assert.Equal(client, await ClientOf(("Forwarded", value)));

    [Fact]
    public async Task Forwarded_wins_over_the_older_fields()
    {
        var exchange = await Ask(("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-Proto", "https"), ("Forwarded", "for=198.51.100.7"));
        Assert.Equal(("198.51.100.7:0", false), (exchange.Request.Client.ToString(), exchange.Request.IsSecure));
    }

    [Theory]
    [InlineData("https", true)]
    [InlineData("HTTPS", true)]
    [InlineData("http, https", true)]
    [InlineData("https, http", false)]
    [InlineData("https ", true)]
    [InlineData("httpss", false)]
    [InlineData("", false)]
    public async Task The_scheme_is_what_the_nearest_proxy_says(string value, bool expected) =>
        Assert.Equal(expected, (await Ask(("X-Forwarded-Proto", value))).Request.IsSecure);

    [Fact]
    public async Task A_peer_that_is_not_trusted_is_the_client()
    {
        var exchange = Reading.Exchange(
            "/", ("X-Forwarded-For", "198.51.100.7"), ("Forwarded", "for=198.51.100.7;proto=https"), ("X-Forwarded-Proto", "https"));
        await new TrustHandler([Prefix("10.0.0.0/8")], Inner.Says("x")).HandleAsync(exchange);
        Assert.Equal(("192.0.2.1:40000", false, false), (exchange.Request.Client.ToString(), exchange.Request.IsSecure, exchange.Request.IsViaTrustedProxy));
    }

    [Fact]
    public async Task A_trusted_peer_is_marked_even_when_it_names_nobody() => Assert.True((await Ask()).Request.IsViaTrustedProxy);

    [Fact]
    public async Task Who_comes_over_a_unix_socket_is_trusted()
    {
        var exchange = new FakeExchange { Remote = new Endpoint("/run/g.sock") };
        exchange.Restart("GET", "/", ("X-Forwarded-For", "198.51.100.7"));
        await new TrustHandler([Prefix("10.0.0.0/8")], Inner.Says("x")).HandleAsync(exchange);
        Assert.Equal("198.51.100.7:0", exchange.Request.Client.ToString());
    }

    [Fact]
    public async Task A_mapped_address_of_a_proxy_is_trusted_as_the_address() =>
        Assert.Equal("198.51.100.7:0", await ClientOf(("X-Forwarded-For", "198.51.100.7, ::ffff:10.0.0.1")));

    [Fact]
    public void What_stands_left_of_the_client_never_counts() => Gen.Select(Lists, Gen.Bool).Sample((left, isForwarded) =>
    {
        var exchange = isForwarded
            ? Reading.Exchange("/", ("Forwarded", left + ", for=198.51.100.7, for=10.0.0.1"))
            : Reading.Exchange("/", ("X-Forwarded-For", left + ", 198.51.100.7, 10.0.0.1"));
        Assert.True(new TrustHandler(Trusted, Inner.Says("x")).HandleAsync(exchange).IsCompletedSuccessfully);
        Assert.Equal("198.51.100.7:0", exchange.Request.Client.ToString());
    });

    [Fact]
    public void No_value_throws_or_makes_a_proxy_of_a_stranger() => Gen.Select(Lists, Gen.Bool).Sample((value, isForwarded) =>
    {
        var exchange = Reading.Exchange("/", (isForwarded ? "Forwarded" : "X-Forwarded-For", value));
        return new TrustHandler(Trusted, Inner.Says("x")).HandleAsync(exchange).IsCompletedSuccessfully;
    });

    [Fact]
    public void A_long_list_costs_linear_time()
    {
        var proxies = string.Join(',', Enumerable.Repeat("10.0.0.1", 3000));
        var exchange = Reading.Exchange("/", ("X-Forwarded-For", proxies), ("Forwarded", new string(',', 30_000)));
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        Assert.True(new TrustHandler(Trusted, Inner.Says("x")).HandleAsync(exchange).IsCompletedSuccessfully);
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 2);
    }

    private static async Task<string> ClientOf(params (string Name, string Value)[] fields) => (await Ask(fields)).Request.Client.ToString();

    private static async Task<FakeExchange> Ask(params (string Name, string Value)[] fields)
    {
        var exchange = Reading.Exchange("/", fields);
        await new TrustHandler(Trusted, Inner.Says("x")).HandleAsync(exchange);
        return exchange;
    }

    private static IpPrefix Prefix(string text) => IpPrefix.TryParse(text, out var prefix, out var fault) ? prefix : throw new FormatException(fault);
}
