using System.Text.Json;
using Gatehouse.Testing.Names;

namespace Gatehouse.Interop.Tests.Names;

/// <summary><c>gatehouse dig</c> against BIND, beside knot's kdig and BIND's dig, which must say the same.</summary>
public sealed class DigTests(SignedZones zones) : IClassFixture<SignedZones>
{
    [Theory]
    [InlineData("www.shop.test", "A AAAA")]
    [InlineData("alias.shop.test", "A")]
    [InlineData("shop.test", "SOA NS MX TXT CAA NAPTR LOC NSEC3PARAM HTTPS DNSKEY")]
    [InlineData("_sip._tcp.shop.test", "SRV")]
    [InlineData("_443._tcp.shop.test", "TLSA")]
    [InlineData("host.shop.test", "SSHFP")]
    [InlineData("_http._tcp.shop.test", "URI")]
    [InlineData("odd.shop.test", "TYPE65280")]
    [InlineData("x.tree.shop.test", "CNAME")]
    [InlineData("_dns.shop.test", "SVCB")]
    public void Data_of_every_type_is_shown_as_others_show_it(string name, string types)
    {
        var ours = Dig([name, .. types.Split(' '), $"@{zones.Leaf}", "-p", $"{zones.Port}", "+short", "+norecurse"]);
        Assert.Equal(0, ours.ExitCode);
        Assert.NotEmpty(ours.Output);
        var theirs = new System.Text.StringBuilder();
        foreach (var type in types.Split(' '))
            theirs.Append(PeerProcess.Run("dig", [name, type, $"@{zones.Leaf}", "-p", $"{zones.Port}", "+short", "+norecurse"]).Expect().Output);
        // The order of records is the server's whim; some blanks, and the quotes of plain values, are a matter of taste.
        Assert.Equal(Plain(theirs.ToString()), Plain(ours.Output));
    }

    [Fact]
    public void Knot_says_the_same()
    {
        var ours = Dig("shop.test", "MX", "TXT", "CAA", $"@{zones.Leaf}", "-p", $"{zones.Port}", "+short");
        var theirs = PeerProcess.Run("kdig", [$"@{zones.Leaf}", "-p", $"{zones.Port}", "+short", "shop.test", "MX", "shop.test", "TXT", "shop.test", "CAA"]).Expect();
        Assert.Equal(Plain(theirs.Output), Plain(ours.Output));
    }

    [Fact]
    public void The_whole_answer_has_the_shape_of_digs()
    {
        var result = Dig("www.shop.test", $"@{zones.Leaf}", "-p", $"{zones.Port}", "--dnssec", "+norec");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains(";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 0", result.Output, StringComparison.Ordinal);
        Assert.Contains(";; flags: qr aa; QUERY: 1, ANSWER: 3,", result.Output, StringComparison.Ordinal);
        Assert.Contains("; EDNS: version: 0, flags: do; udp: 1232", result.Output, StringComparison.Ordinal);
        Assert.Matches(@"www\.shop\.test\.\s+300\tIN\tA\t192\.0\.2\.1\n", result.Output);
        Assert.Contains($";; SERVER: {zones.Leaf}#{zones.Port}({zones.Leaf}) (UDP)", result.Output, StringComparison.Ordinal);
        Assert.Contains(";; MSG SIZE  rcvd: ", result.Output, StringComparison.Ordinal);
        Assert.Contains("(TCP)", Dig("www.shop.test", $"@tcp://{zones.Leaf}:{zones.Port}").Output, StringComparison.Ordinal);
        Assert.Contains("status: NXDOMAIN", Dig("nothing.shop.test", $"@{zones.Leaf}", "-p", $"{zones.Port}").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trace_goes_from_the_root_down_and_its_signatures_are_checked()
    {
        var result = Dig("--trace", "--validate", "--root-hints", zones.HintsFile, "--trust-anchor", zones.AnchorFile, "-p", $"{zones.Port}", "www.shop.test");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        foreach (var line in new[] { $"{zones.Root}#{zones.Port}(a.root.)", $"{zones.Top}#{zones.Port}(ns.test.)", $"{zones.Leaf}#{zones.Port}(ns.shop.test.)" })
            Assert.Contains(line, result.Output, StringComparison.Ordinal);
        Assert.Contains("www.shop.test. 300 IN A 192.0.2.1\n", result.Output, StringComparison.Ordinal);
        Assert.Contains(";; DNSSEC: secure: ", result.Output, StringComparison.Ordinal);
        Assert.Contains(";; DNSSEC: bogus: ", Dig("--trace", "--validate", "--root-hints", zones.HintsFile, "--trust-anchor", zones.AnchorFile, "-p", $"{zones.Port}", "www.bogus.test").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_says_it_all()
    {
        var result = Dig("www.shop.test", "A", "MX", $"@{zones.Leaf}", "-p", $"{zones.Port}", "--json");
        using var json = JsonDocument.Parse(result.Output);
        var answers = json.RootElement.EnumerateArray().ToList();
        Assert.Equal(2, answers.Count);
        Assert.Equal("A", answers[0].GetProperty("question").GetProperty("type").GetString());
        Assert.Equal("NOERROR", answers[0].GetProperty("status").GetString());
        Assert.Equal("udp", answers[0].GetProperty("protocol").GetString());
        Assert.Equal(2, answers[0].GetProperty("answer").GetArrayLength());
        Assert.Equal(0, answers[1].GetProperty("answer").GetArrayLength());
        Assert.Equal("SOA", answers[1].GetProperty("authority")[0].GetProperty("type").GetString());
    }

    [Fact]
    public void Explanations_say_who_answered()
    {
        Assert.Contains("the name itself answered", Dig("--explain", "localhost").Output, StringComparison.Ordinal);
        var server = Dig("--explain", "www.shop.test.", $"@{zones.Leaf}:{zones.Port}");
        Assert.Contains($"{zones.Leaf}:{zones.Port} answered www.shop.test. IN A over Udp", server.Output, StringComparison.Ordinal);
        Assert.Contains("a name server answered, for 300 s", server.Output, StringComparison.Ordinal);
        var loop = Dig("--explain", "loop1.shop.test.", $"@{zones.Leaf}:{zones.Port}");
        Assert.Equal(9, loop.ExitCode);
        Assert.Contains("circle", loop.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_say_what_is_wrong()
    {
        var silent = Dig("www.shop.test", $"@127.0.0.1:{FreePort.Udp()}");
        Assert.Equal(9, silent.ExitCode);
        Assert.Contains("nobody listens there", silent.Error, StringComparison.Ordinal);
        var wrong = Dig("www.shop.test", "@ftp://127.0.0.1");
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("expected a name server", wrong.Error, StringComparison.Ordinal);
        Assert.Equal(1, Dig("a..b").ExitCode);
        Assert.Equal(1, Dig("-x", "nothing").ExitCode);
        Assert.Equal(1, Dig("a", "+nothing").ExitCode);
        Assert.Equal(0, Dig("--help").ExitCode);
    }

    private static PeerResult Dig(params string[] arguments) => GatehouseProcess.Run(["dig", .. arguments], TimeSpan.FromSeconds(60));

    private static string[] Plain(string output) => [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(static line => line.Replace("\"", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant()).Order(StringComparer.Ordinal)];
}
