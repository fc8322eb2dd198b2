using System.Text.Json;
using CsCheck;
using Gatehouse.Tools.Addresses;

namespace Gatehouse.Tools.Tests.Addresses;

public sealed class PrefixFactsTests
{
    [Theory]
    [InlineData("192.168.1.17/24", "192.168.1.0/24", "192.168.1.255", "256", "254")]
    [InlineData("10.0.0.0/255.0.0.0", "10.0.0.0/8", "10.255.255.255", "16777216", "16777214")]
    [InlineData("192.0.2.4/31", "192.0.2.4/31", "192.0.2.5", "2", "2")]
    [InlineData("192.0.2.4", "192.0.2.4/32", "192.0.2.4", "1", "1")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0", "255.255.255.255", "4294967296", "4294967294")]
    [InlineData("2001:db8::1/48", "2001:db8::/48", "2001:db8:0:ffff:ffff:ffff:ffff:ffff", "1208925819614629174706176", "1208925819614629174706176")]
    [InlineData("::/0", "::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "340282366920938463463374607431768211456", "340282366920938463463374607431768211456")]
    public void A_prefix_has_its_bounds(string text, string prefix, string last, string count, string hosts)
    {
        var facts = new PrefixFacts(text);
        Assert.Equal((prefix, last, count, hosts), (facts.Prefix.ToString(), facts.Last.ToString(), facts.Count.ToString(), facts.Hosts.ToString()));
        Assert.Equal(prefix, JsonDocument.Parse(facts.ToJson()).RootElement.GetProperty("prefix").GetString());
    }

    // Python's ipaddress module is asked the same.
    [Fact]
    public void Python_agrees()
    {
        string[] texts = ["192.168.1.17/24", "172.16.5.4/12", "2001:db8:1:2::3/64", "10.9.8.7/29", "fe80::1/10"];
        var script = "import ipaddress,sys\nfor t in sys.argv[1:]:\n i=ipaddress.ip_interface(t); n=i.network; print(n, n[-1], n.num_addresses, i.ip.reverse_pointer)\n";
        var theirs = PeerProcess.Run("python3", ["-c", script, .. texts]).Expect(0).Output.Trim().Split('\n');
        var mine = texts.Select(text => new PrefixFacts(text)).Select(facts => $"{facts.Prefix} {facts.Last} {facts.Count} {JsonDocument.Parse(facts.ToJson()).RootElement.GetProperty("reverse").GetString()}");
        Assert.Equal(theirs, mine);
    }

    [Fact]
    public void The_parts_of_a_split_are_the_whole()
    {
        Assert.Equal(["10.0.0.0/18", "10.0.64.0/18", "10.0.128.0/18", "10.0.192.0/18"], new PrefixFacts("10.0.0.0/16").Split(18).Select(part => part.ToString()));
        Gen.Select(Gen.UInt, Gen.Int[0, 32], Gen.Int[0, 8]).Sample((bits, length, more) =>
        {
            var facts = new PrefixFacts($"{bits >> 24}.{(bits >> 16) & 255}.{(bits >> 8) & 255}.{bits & 255}/{length}");
            var parts = facts.Split(Math.Min(32, length + more)).Select(part => new PrefixFacts(part.ToString())).ToList();
            return parts.All(facts.Contains) && parts.Aggregate(System.Numerics.BigInteger.Zero, (sum, part) => sum + part.Count) == facts.Count
                && parts[0].Prefix.Address == facts.Prefix.Address && parts[^1].Last == facts.Last;
        });
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "10.0.0.0/7", false)]
    [InlineData("10.0.0.0/8", "::a01:203", false)]
    [InlineData("::/0", "2001:db8::/32", true)]
    public void One_holds_another_or_not(string outer, string inner, bool holds) => Assert.Equal(holds, new PrefixFacts(outer).Contains(new PrefixFacts(inner)));

    [Theory]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("192.168.0.0/16", "private")]
    [InlineData("100.65.0.1", "CGN")]
    [InlineData("2001:db8::/33", "documentation")]
    [InlineData("fd00::1", "unique local")]
    [InlineData("8.8.8.8", "public addresses")]
    [InlineData("0.0.0.0/0", "no range")]
    public void A_range_has_a_meaning(string text, string meaning) => Assert.Contains(meaning, new PrefixFacts(text).ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/255.0.255.0")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("::/129")]
    [InlineData("::/255.0.0.0")]
    [InlineData("a/b/c")]
    public void What_is_none_is_refused(string text) => Assert.Equal(2, Assert.Throws<ToolException>(() => new PrefixFacts(text)).ExitCode);

    [Fact]
    public void Too_many_parts_are_refused()
    {
        Assert.Throws<ToolException>(() => new PrefixFacts("10.0.0.0/8").Split(32));
        Assert.Throws<ToolException>(() => new PrefixFacts("10.0.0.0/8").Split(7));
        Assert.Throws<ToolException>(() => new PrefixFacts("10.0.0.0/8").Split(33));
    }
}
