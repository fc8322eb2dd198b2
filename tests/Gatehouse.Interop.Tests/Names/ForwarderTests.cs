namespace Gatehouse.Interop.Tests.Names;

/// <summary>What the name server's settings do, by dig's judgement.</summary>
public sealed class ForwarderTests
{
    [Fact]
    public void The_servers_answers_and_errors_are_passed_on()
    {
        using var upstream = new StubNameServer(static query => query.Name switch
        {
            "missing.test." => [NxDomain(query)],
            "many.test." => [query.Answer(300, [.. Enumerable.Range(1, 40).Select(i => new byte[] { 192, 0, 2, (byte)i })])],
            "empty.test." => [query.Answer(300)],
            _ => StubNameServer.Address(query, "192.0.2.1"),
        });
        using var served = Start(upstream);
        Assert.Contains("NXDOMAIN", served.DigWhole("missing.test"), StringComparison.Ordinal);
        Assert.Equal(40, served.Dig("many.test").Split('\n').Length);
        Assert.Contains("flags: qr tc rd ra", served.DigWhole("many.test", "+ignore", "+noedns"), StringComparison.Ordinal);
        Assert.Equal(40, served.Dig("many.test", "+noedns").Split('\n').Length);
        Assert.Contains("status: NOERROR", served.DigWhole("empty.test"), StringComparison.Ordinal);
        Assert.Contains("REFUSED", served.DigWhole("other.test", "+norecurse"), StringComparison.Ordinal);
        Assert.Contains("REFUSED", served.DigWhole("version.bind", "CH", "TXT"), StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_and_hosts_files_are_read_again_when_they_change()
    {
        using var upstream = new StubNameServer(static query => StubNameServer.Address(query, "192.0.2.1"));
        using var served = NameServed.Start($"""
            dns:
              listen: ["127.0.0.1:$PORT"]
              upstream: ["127.0.0.1:{upstream.Port}"]
              hosts: [hosts]
              block: {"{"}files: [list], except: [good.tracker.test], answer: zero{"}"}
            """, served =>
        {
            served.Folder.Write("hosts", "192.0.2.40 box.home.test box # a comment\n2001:db8::40\tbox.home.test\n");
            served.Folder.Write("list", "# domains\ntracker.test\n0.0.0.0 exact.test\n");
        });
        Assert.Equal("192.0.2.40", served.Dig("box.home.test"));
        Assert.Equal("2001:db8::40", served.Dig("box.home.test", "AAAA"));
        Assert.Equal("0.0.0.0", served.Dig("a.tracker.test"));
        Assert.Equal("::", served.Dig("tracker.test", "AAAA"));
        Assert.Equal("192.0.2.1", served.Dig("good.tracker.test"));
        Assert.Equal("0.0.0.0", served.Dig("exact.test"));
        Assert.Equal("192.0.2.1", served.Dig("below.exact.test"));
        Assert.Equal("192.0.2.1", served.Dig("new.test"));
        served.Folder.Write("list", "new.test\nand.others.test\n");
        Served.Eventually(() => served.Dig("new.test") == "0.0.0.0", "the new list is in force, for what was cached too");
        Assert.Equal("192.0.2.1", served.Dig("a.tracker.test"));
    }

    [Fact]
    public void Domains_have_servers_of_their_own()
    {
        using var upstream = new StubNameServer(static query => StubNameServer.Address(query, "192.0.2.1"));
        using var inner = new StubNameServer(static query => StubNameServer.Address(query, "192.0.2.2"));
        using var deepest = new StubNameServer(static query => StubNameServer.Address(query, "192.0.2.3"));
        using var served = Start(upstream, $"split: [{{domains: [corp.test], upstream: [\"127.0.0.1:{inner.Port}\"]}}, {{domains: [lab.corp.test], upstream: [\"127.0.0.1:{deepest.Port}\"]}}]");
        Assert.Equal("192.0.2.1", served.Dig("www.test"));
        Assert.Equal("192.0.2.2", served.Dig("corp.test"));
        Assert.Equal("192.0.2.2", served.Dig("www.corp.test"));
        Assert.Equal("192.0.2.3", served.Dig("www.lab.corp.test"));
        Assert.Equal("192.0.2.1", served.Dig("notcorp.test"));
    }

    [Fact]
    public void Who_is_not_allowed_is_refused_and_who_asks_too_much_waits()
    {
        using var upstream = new StubNameServer(static query => StubNameServer.Address(query, "192.0.2.1"));
        using var served = Start(upstream, "allow: [10.0.0.0/8]");
        Assert.Contains("REFUSED", served.DigWhole("www.test"), StringComparison.Ordinal);
        Assert.Contains("REFUSED", served.DigWhole("www.test", "+tcp"), StringComparison.Ordinal);
        served.Rewrite($"dns: {{listen: [\"127.0.0.1:$PORT\"], upstream: [\"127.0.0.1:{upstream.Port}\"], limits: {{rate: \"2/h per ip\"}}}}");
        served.Process.Control("reload").Expect();
        Assert.Contains("NOERROR", served.DigWhole("www.test", "+tcp"), StringComparison.Ordinal);
        Assert.Contains("NOERROR", served.DigWhole("www.test", "+tcp"), StringComparison.Ordinal);
        Served.Eventually(() => served.DigWhole("www.test", "+tcp").Contains("REFUSED", StringComparison.Ordinal), "the rate holds");
    }

    [Fact]
    public void A_reload_changes_all_or_nothing()
    {
        using var upstream = new StubNameServer(static query => StubNameServer.Address(query, "192.0.2.1"));
        using var served = Start(upstream);
        Assert.Equal("192.0.2.1", served.Dig("www.test"));
        var asked = upstream.Queries;
        var taken = upstream.Port;

        // UDP of that port is the upstream's: nothing of the new configuration comes into force.
        served.Rewrite($"dns: {{listen: [\"127.0.0.1:$PORT\", \"127.0.0.1:{taken}\"], upstream: [\"127.0.0.1:{upstream.Port}\"], local: {{www.test: [192.0.2.99]}}}}");
        var refused = served.Process.Control("reload");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("dns:", refused.Output + refused.Error, StringComparison.Ordinal);
        Assert.Equal("192.0.2.1", served.Dig("www.test"));
        var other = FreePort.Tcp();
        served.Rewrite($"dns: {{listen: [\"127.0.0.1:$PORT\", \"127.0.0.1:{other}\"], upstream: [\"127.0.0.1:{upstream.Port}\"], local: {{local.test: [192.0.2.99]}}}}");
        served.Process.Control("reload").Expect();
        Assert.Equal("192.0.2.99", NameServed.DigAt(other, "local.test"));
        Assert.Equal("192.0.2.1", served.Dig("www.test"));
        Assert.Equal(asked, upstream.Queries);
    }

    [Fact]
    public void Queries_are_logged_and_counted()
    {
        var admin = FreePort.Tcp();
        using var upstream = new StubNameServer(static query => StubNameServer.Address(query, "192.0.2.1"));
        using var served = NameServed.Start(
            $"admin: {{listen: \"127.0.0.1:{admin}\"}}\ndns: {{listen: [\"127.0.0.1:$PORT\"], upstream: [\"127.0.0.1:{upstream.Port}\"], log: queries.log}}");
        served.Dig("logged.test");
        served.Dig("logged.test", "+tcp");
        Served.Eventually(
            () => File.Exists(served.Folder["queries.log"]) && File.ReadAllText(served.Folder["queries.log"]) is var log
                && log.Contains("127.0.0.1 udp logged.test. A NOERROR upstream", StringComparison.Ordinal)
                && log.Contains("127.0.0.1 tcp logged.test. A NOERROR cache", StringComparison.Ordinal),
            "both queries are in the log");
        var metrics = PeerProcess.Run("curl", ["-sS", $"http://127.0.0.1:{admin}/metrics"]).Expect().Output;
        Assert.Contains("gatehouse_dns_queries_total{way=\"udp\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("gatehouse_dns_queries_total{way=\"tcp\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("gatehouse_dns_cache_hits_total 1\n", metrics, StringComparison.Ordinal);
    }

    private static byte[] NxDomain(StubQuery query)
    {
        var answer = query.Answer(0);
        answer[3] |= 3;
        return answer;
    }

    private static NameServed Start(StubNameServer upstream, string more = "") => NameServed.Start(
        $"dns: {{listen: [\"127.0.0.1:$PORT\"], upstream: [\"127.0.0.1:{upstream.Port}\"]{(more.Length > 0 ? ", " : "")}{more}}}");
}
