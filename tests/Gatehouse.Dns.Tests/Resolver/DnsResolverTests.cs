using Gatehouse.Dns.Cache;
using Gatehouse.Dns.Resolver;
using Gatehouse.Dns.Servers;
using Gatehouse.Dns.Tests.Support;
using Gatehouse.Protocols.Dns;

namespace Gatehouse.Dns.Tests.Resolver;

/// <summary>The resolver with files and a server of its own.</summary>
public sealed class DnsResolverTests : IDisposable
{
    private readonly OneReactor _reactor = new();
    private readonly FakeServer _fake = new();
    private readonly Testing.TempFolder _folder = new();
    private readonly List<string> _asked = [];

    public DnsResolverTests()
    {
        Write("hosts", "192.0.2.9 known.example\n");
        Write("resolv.conf", "search one.example two.example\n");
        Write("nsswitch.conf", "hosts: files dns\n");
        _fake.Udp = query =>
        {
            var question = Messages.QuestionOf(query);
            lock (_asked)
                _asked.Add($"{question.Name.ToLower()} {question.Type}");
            return Answer(query, question.Name.ToLower().ToString(), question.Type);
        };
    }

    public void Dispose()
    {
        _folder.Dispose();
        _fake.Dispose();
        _reactor.Dispose();
    }

    [Theory]
    [InlineData("192.0.2.77", "192.0.2.77", LookupSource.Literal)]
    [InlineData("[2001:db8::1]", "2001:db8::1", LookupSource.Literal)]
    [InlineData("localhost", "::1 127.0.0.1", LookupSource.Loopback)]
    [InlineData("x.LOCALHOST.", "::1 127.0.0.1", LookupSource.Loopback)]
    [InlineData("Known.Example", "192.0.2.9", LookupSource.Hosts)]
    public async Task What_is_known_is_not_asked_for(string host, string addresses, LookupSource source)
    {
        using var resolver = Resolver();
        var found = await resolver.LookupHostAsync(host);
        Assert.Equal((addresses, source), (string.Join(' ', found.Addresses), found.Source));
        Assert.Equal(0, _fake.UdpQueries);
    }

    [Fact]
    public async Task A_name_with_a_dot_is_asked_for_as_it_is_and_one_without_in_the_search_domains()
    {
        using var resolver = Resolver();
        Assert.Equal("192.0.2.1", string.Join(' ', (await resolver.LookupHostAsync("www.example")).Addresses));
        Assert.Equal(2, _fake.UdpQueries);
        var trail = new LookupTrail();
        var found = await resolver.LookupHostAsync("short", trail);
        Assert.Equal(("short.two.example.", "192.0.2.2"), (found.Name.ToString(), string.Join(' ', found.Addresses)));
        Assert.Contains(trail.Steps, static step => step.Contains("search domains", StringComparison.Ordinal));
        Assert.Contains("short.one.example. A", _asked);
        Assert.DoesNotContain("short. A", _asked);

        _asked.Clear();
        var exception = await Assert.ThrowsAsync<DnsException>(() => resolver.LookupHostAsync("short.").AsTask());
        Assert.Equal((DnsFault.NoName, "the name 'short.' was not resolved: there is no such name"), (exception.Fault, exception.Message));
        Assert.Equal(["short. A", "short. AAAA"], _asked.Order());
    }

    [Fact]
    public async Task The_second_time_the_cache_answers()
    {
        using var resolver = Resolver();
        var first = await resolver.ResolveAsync("www.example");
        Assert.Equal(TimeSpan.FromSeconds(60), first.TimeToLive);
        var trail = new LookupTrail();
        Assert.Equal(LookupSource.Cache, (await resolver.LookupHostAsync("www.example", trail)).Source);
        Assert.Contains(trail.Steps, static step => step.StartsWith("the cache has www.example. IN A", StringComparison.Ordinal));
        Assert.Equal(2, _fake.UdpQueries);
        // Negative answers as well.
        await Assert.ThrowsAsync<DnsException>(() => resolver.ResolveAsync("no.example.").AsTask());
        var asked = _fake.UdpQueries;
        await Assert.ThrowsAsync<DnsException>(() => resolver.ResolveAsync("no.example.").AsTask());
        Assert.Equal(asked, _fake.UdpQueries);
    }

    [Fact]
    public async Task Who_ask_the_same_at_once_share_one_query()
    {
        using var gate = new ManualResetEventSlim();
        var answer = _fake.Udp;
        _fake.Udp = query =>
        {
            gate.Wait(TimeSpan.FromSeconds(20));
            return answer(query);
        };
        using var resolver = Resolver();
        var asked = Enumerable.Range(0, 20).Select(_ => resolver.LookupAsync(Messages.Question("www.example")).AsTask()).ToArray();
        gate.Set();
        await Task.WhenAll(asked);
        Assert.Equal(1, _fake.UdpQueries);
    }

    [Fact]
    public async Task An_alias_is_followed_and_one_that_leads_in_a_circle_is_not()
    {
        using var resolver = Resolver();
        var found = await resolver.LookupHostAsync("alias.example");
        Assert.Equal(("www.example.", "192.0.2.1"), (found.Name.ToString(), string.Join(' ', found.Addresses)));
        var exception = await Assert.ThrowsAsync<DnsException>(() => resolver.ResolveAsync("circle.example.").AsTask());
        Assert.Equal(DnsFault.BadReply, exception.Fault);
        Assert.Contains("circle", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_whose_time_is_over_is_given_when_nobody_answers()
    {
        using var resolver = Resolver(ResolverOptions.Default with { StalePatience = TimeSpan.FromMilliseconds(200) });
        var question = Messages.Question("old.example");
        var message = Messages.Answer(QueryWriter.Write(question, QueryOptions.Default, false), "old.example. 10 IN A 192.0.2.5");
        resolver.Cache.Add(new CacheQuestion(question.Name.Wire, DnsType.A), message, AnswerCache.Now - 20);
        _fake.Udp = static _ => [];
        var trail = new LookupTrail();
        var lookup = await resolver.LookupAsync(question, trail);
        Assert.Equal(LookupSource.StaleCache, lookup.Source);
        Assert.Equal("old.example. 30 IN A 192.0.2.5", Messages.Read(lookup.Message).Answers[0].ToString());
        Assert.Contains(trail.Steps, static step => step.Contains("RFC 8767", StringComparison.Ordinal));

        _fake.Udp = static query => [Messages.Answer(query, DnsRcode.ServFail, DnsFlags.None, [], [])];
        resolver.Cache.Add(new CacheQuestion(question.Name.Wire, DnsType.A), message, AnswerCache.Now - 20);
        Assert.Equal(LookupSource.StaleCache, (await resolver.LookupAsync(question)).Source);
    }

    [Fact]
    public async Task Failures_say_what_failed()
    {
        using var resolver = Resolver();
        var refused = await Assert.ThrowsAsync<DnsException>(() => resolver.ResolveAsync("refused.example.").AsTask());
        Assert.Equal((DnsFault.ServerFailure, "the name servers answer REFUSED for refused.example."), (refused.Fault, refused.Message));
        var none = await Assert.ThrowsAsync<DnsException>(() => resolver.ResolveAsync("empty.example.").AsTask());
        Assert.Equal((DnsFault.NoData, "the name 'empty.example.' was not resolved: it has no address"), (none.Fault, none.Message));
        var malformed = await Assert.ThrowsAsync<DnsException>(() => resolver.ResolveAsync("a..b").AsTask());
        Assert.Contains("is not a host name", malformed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Addresses_have_names()
    {
        using var resolver = Resolver();
        Assert.Equal("known.example.", (await resolver.LookupNameAsync(Protocols.Addresses.IpAddress.Parse("192.0.2.9"))).ToString());
        Assert.Equal("www.example.", (await resolver.LookupNameAsync(Protocols.Addresses.IpAddress.Parse("192.0.2.1"))).ToString());
    }

    [Fact]
    public async Task A_changed_hosts_file_is_seen()
    {
        using var resolver = Resolver();
        Assert.Equal("192.0.2.9", string.Join(' ', (await resolver.LookupHostAsync("known.example")).Addresses));
        Write("hosts", "192.0.2.10 known.example more.example\n");
        for (var i = 0; i < 200 && (await resolver.LookupHostAsync("known.example")).Addresses[0].ToString() != "192.0.2.10"; i++)
            await Task.Delay(50);
        Assert.Equal("192.0.2.10", string.Join(' ', (await resolver.LookupHostAsync("known.example")).Addresses));
    }

    [Fact]
    public async Task Files_that_end_the_search_end_it()
    {
        Write("nsswitch.conf", "hosts: files [NOTFOUND=return] dns\n");
        using var resolver = Resolver();
        var exception = await Assert.ThrowsAsync<DnsException>(() => resolver.ResolveAsync("www.example").AsTask());
        Assert.Equal(DnsFault.NoName, exception.Fault);
        Assert.Equal(0, _fake.UdpQueries);
    }

    private static IEnumerable<byte[]> Answer(byte[] query, string name, DnsType type)
    {
        const string soa = "example. 600 IN SOA a. b. 1 2 3 4 50";
        yield return (name, type) switch
        {
            ("www.example.", DnsType.A) => Messages.Answer(query, "www.example. 60 IN A 192.0.2.1"),
            ("short.two.example.", DnsType.A) => Messages.Answer(query, "short.two.example. 60 IN A 192.0.2.2"),
            ("alias.example.", _) => Messages.Answer(query, "alias.example. 60 IN CNAME www.example."),
            ("circle.example.", _) => Messages.Answer(query, "circle.example. 60 IN CNAME b.example.", "b.example. 60 IN CNAME circle.example."),
            ("refused.example.", _) => Messages.Answer(query, DnsRcode.Refused, DnsFlags.None, [], []),
            ("1.2.0.192.in-addr.arpa.", DnsType.PTR) => Messages.Answer(query, "1.2.0.192.in-addr.arpa. 60 IN PTR www.example."),
            ("www.example." or "short.two.example." or "empty.example.", _) => Messages.Answer(query, DnsRcode.NoError, DnsFlags.None, [], [soa]),
            _ => Messages.Answer(query, DnsRcode.NXDomain, DnsFlags.None, [], [soa]),
        };
    }

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder.Path, file), text);

    private DnsResolver Resolver(ResolverOptions? options = null) => new(_reactor.Reactor, (options ?? ResolverOptions.Default) with
    {
        Servers = [ServerAddress.Of(_fake.Endpoint, ServerProtocol.Udp)],
        ServerOptions = ServerOptions.Default with { Timeout = TimeSpan.FromSeconds(10) },
        HostsFile = Path.Combine(_folder.Path, "hosts"),
        ResolvConf = Path.Combine(_folder.Path, "resolv.conf"),
        NameSwitch = Path.Combine(_folder.Path, "nsswitch.conf"),
    });
}
