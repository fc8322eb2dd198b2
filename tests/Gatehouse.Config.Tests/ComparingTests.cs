using Gatehouse.Config.Comparing;

namespace Gatehouse.Config.Tests;

public sealed class ComparingTests
{
    private const string Base =
        """
        listen: [":80", ":81"]
        sites:
          - hosts: a.test
            compress: on
            routes:
              - {match: /x/*, proxy: {to: ["127.0.0.1:1", "127.0.0.1:2"]}}
              - {match: {path: /y, header: {A: "1", B: "2"}}, respond: a}
              - {match: {path: /y}, respond: b}
          - {hosts: b.test, routes: [{respond: b}]}
        dns: {cache: {names: 5}}
        """;

    [Fact]
    public void Equality_is_structural()
    {
        var (a, b) = (Fakes.Read(Base), Fakes.Read(Base.Replace("A: \"1\", B: \"2\"", "B: '2', A: '1'")));
        Assert.NotEqual(a, b);
        Assert.True(ConfigEquality.Equals(a, b));
        Assert.Equal(ConfigEquality.Comparer.GetHashCode(a), ConfigEquality.Comparer.GetHashCode(b));
        Assert.True(ConfigDiff.Between(a, b).IsEmpty);
        Assert.Empty(ConfigDiff.Between(a, b).Describe());
    }

    [Theory]
    [InlineData("127.0.0.1:2", "127.0.0.1:3", "site a.test changed|site a.test, route /x/* changed")]
    [InlineData("respond: a", "respond: {body: a, status: 201}", "site a.test changed|site a.test, route /y changed")]
    [InlineData("A: \"1\"", "A: \"3\"", "site a.test changed|site a.test, route /y added|site a.test, route /y removed")]
    [InlineData("compress: on", "compress: off", "site a.test changed")]
    [InlineData("{match: {path: /y}, respond: b}", "{match: /z, respond: b}", "site a.test changed|site a.test, route /z added|site a.test, route /y removed")]
    [InlineData("hosts: b.test", "hosts: c.test", "site c.test added|site b.test removed")]
    [InlineData(", \":81\"", ", \":81 tls\"", "listener [::]:81 removed|listener [::]:81 tls added")]
    [InlineData("names: 5", "names: 6", "dns changed")]
    [InlineData("dns: {cache: {names: 5}}", "shutdown: 1s", "shutdown changed|dns removed")]
    [InlineData("dns: {cache: {names: 5}}", "streams: [{listen: x, tcp: {to: '127.0.0.1:1'}}]", "streams added|dns removed")]
    public void Differences_are_named(string from, string to, string expected)
    {
        var (before, after) = (Fakes.Read(Base), Fakes.Read(Base.Replace(from, to)));
        Assert.False(ConfigEquality.Equals(before, after));
        Assert.Equal(expected.Split('|'), ConfigDiff.Between(before, after).Describe());
    }

    [Fact]
    public void Among_routes_of_one_match_the_one_that_changed_is_found()
    {
        var before = Fakes.Read("sites: [{routes: [{match: /a, respond: '1'}, {match: /a, respond: '2'}, {match: /a, respond: '3'}]}]");
        var after = Fakes.Read("sites: [{routes: [{match: /a, respond: '3'}, {match: /a, respond: '4'}, {match: /a, respond: '1'}]}]");
        var change = Assert.Single(Assert.Single(ConfigDiff.Between(before, after).Sites).Routes);
        Assert.Equal(("2", "4"), (Body(change.Before!), Body(change.After!)));
    }

    [Fact]
    public void A_live_object_is_found_by_its_configuration()
    {
        var handlers = new Dictionary<object, string>(ConfigEquality.Comparer!) { [Fakes.Read(Base).Sites[0].Routes[0].Handler] = "live" };
        Assert.True(handlers.ContainsKey(Fakes.Read(Base).Sites[0].Routes[0].Handler));
        Assert.False(handlers.ContainsKey(Fakes.Read(Base).Sites[0].Routes[1].Handler));
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData(null, "a", false)]
    [InlineData("a", "a", true)]
    [InlineData("ab", "a", false)]
    public void Scalars_are_compared_by_themselves(string? a, string? b, bool expected) => Assert.Equal(expected, ConfigEquality.Equals(a, b));

    [Theory]
    [InlineData("1,2", "1,2", true)]
    [InlineData("1,2", "2,1", false)]
    [InlineData("1,2", "1", false)]
    [InlineData("1", "1,2", false)]
    public void Lists_are_compared_in_order_and_by_length_whatever_holds_them(string a, string b, bool expected) =>
        Assert.Equal(expected, ConfigEquality.Equals(a.Split(',').ToList(), b.Split(',')));

    private static string Body(RouteConfig route) => ((Fakes.RespondConfig)route.Handler.Config).Body;
}
