using CsCheck;
using Gatehouse.Dns.Cache;
using Gatehouse.Dns.Forwarder.Clients;
using Gatehouse.Dns.Forwarder.Names;
using Gatehouse.Dns.Forwarder.Queries;
using Gatehouse.Dns.Forwarder.Settings;
using Gatehouse.Dns.Servers;
using Gatehouse.Dns.Tests.Support;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Dns.Tests.Forwarder;

/// <summary>What a reactor's part of the forwarder does at once, without servers.</summary>
public sealed class LaneTests : IDisposable
{
    private static readonly IpAddress Loopback = IpAddress.Parse("127.0.0.1");
    private readonly OneReactor _reactor = new();

    public void Dispose() => _reactor.Dispose();

    [Fact]
    public async Task A_cached_answer_has_the_clients_id_capitals_and_size_and_costs_no_allocation()
    {
        var lane = Make(new DnsConfig { Upstream = [] }, out var cache);
        var query = Query("Www.Example.COM", udpSize: 1232);
        cache.Add(new CacheQuestion(DnsName.Parse("www.example.com").Wire, DnsType.A), Messages.Answer(Query("www.example.com"), "www.example.com. 300 IN A 192.0.2.1"), AnswerCache.Now);
        var answer = new byte[2048];
        var (length, allocated) = await _reactor.RunAsync(() =>
        {
            var client = new Client(Loopback, ClientKind.Udp, 2048);
            var count = 0;
            for (var i = 0; i < 1000; i++)
                Assert.Equal(QueryOutcome.Answered, lane.Answer(query, client, default, Nobody.Instance, null, answer, out count, out _));
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10_000; i++)
                lane.Answer(query, client, default, Nobody.Instance, null, answer, out count, out _);
            return Task.FromResult((count, GC.GetAllocatedBytesForCurrentThread() - before));
        });
        Assert.Equal(0, allocated);
        var message = Messages.Read(answer.AsMemory(0, length));
        Assert.Equal(0x1234, message.Header.Id);
        Assert.Equal("Www.Example.COM.", message.Questions[0].Name.ToString());
        Assert.Equal("192.0.2.1", Assert.Single(message.Answers).Data.Span is [var a, var b, var c, var d] ? $"{a}.{b}.{c}.{d}" : "");
        Assert.Equal(1232, message.Edns!.UdpSize);
        Assert.Equal(11_000, lane.Counters.CacheHits);
    }

    [Fact]
    public async Task What_does_not_fit_is_cut()
    {
        var lane = Make(new DnsConfig { Upstream = [] }, out var cache);
        var records = Enumerable.Range(1, 60).Select(i => $"many.test. 300 IN A 192.0.2.{i}").ToArray();
        cache.Add(new CacheQuestion(DnsName.Parse("many.test").Wire, DnsType.A), Messages.Answer(Query("many.test"), records), AnswerCache.Now);
        var cut = Messages.Read(await AnswerAsync(lane, Query("many.test"), ClientKind.Udp));
        Assert.True(cut.Header.IsTruncated);
        Assert.Empty(cut.Answers);
        Assert.Equal(60, Messages.Read(await AnswerAsync(lane, Query("many.test"), ClientKind.Tcp)).Answers.Count);
        Assert.Equal(60, Messages.Read(await AnswerAsync(lane, Query("many.test", udpSize: 1232), ClientKind.Udp)).Answers.Count);
    }

    [Theory]
    [InlineData("localhost", "127.0.0.1")]
    [InlineData("any.localhost", "127.0.0.1")]
    [InlineData("host.test", "192.0.2.1")]
    [InlineData("a.b.wild.test", "192.0.2.2")]
    [InlineData("below.bad.test", null)]
    public async Task Local_names_and_lists_are_decided_here(string name, string? address)
    {
        var lane = Make(
            new DnsConfig
            {
                Upstream = [],
                Local = new Dictionary<string, IReadOnlyList<IpAddress>> { ["host.test"] = [IpAddress.Parse("192.0.2.1")], ["*.wild.test"] = [IpAddress.Parse("192.0.2.2")] },
                Block = new DnsBlockConfig { Domains = ["bad.test"] },
            },
            out _);
        var message = Messages.Read(await AnswerAsync(lane, Query(name), ClientKind.Udp));
        Assert.Equal(address is null ? DnsRcode.NXDomain : DnsRcode.NoError, message.Rcode);
        if (address is not null)
            Assert.Equal(address, IpAddress.FromBytes(Assert.Single(message.Answers).Data.Span).ToString());
    }

    [Fact]
    public async Task Whatever_is_sent_has_an_answer_or_none_and_never_an_exception()
    {
        var lane = Make(new DnsConfig { Upstream = [] }, out _);
        var good = Query("www.example.com", udpSize: 4096);
        await _reactor.RunAsync(() =>
        {
            var answer = new byte[4096];
            Gen.Select(Gen.Int[0, good.Length], Gen.Byte, Gen.Int[0, good.Length], Gen.Byte.Array[0, 40]).Sample((at, value, cut, tail) =>
            {
                byte[] query = [.. good[..cut], .. tail];
                if (at < query.Length)
                    query[at] = value;

                // Without recursion nobody is asked.
                if (query.Length > 2)
                    query[2] &= 0xFE;
                var outcome = lane.Answer(query, new Client(Loopback, ClientKind.Udp, 2048), default, Nobody.Instance, null, answer, out var length, out _);
                Assert.NotEqual(QueryOutcome.Waits, outcome);
                Assert.Equal(outcome == QueryOutcome.Answered, length > 0);
                if (length > 0)
                    Assert.True(DnsMessage.TryRead(answer.AsSpan(0, length), out _, out var fault), fault);
            }, threads: 1);
            return Task.FromResult(0);
        });
    }

    [Fact]
    public void A_rate_holds_for_each_key_and_the_table_does_not_grow()
    {
        var table = new RateTable(10, 3);
        var now = 1_000_000_000L;
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => table.TryTake(0x1234_5678, now)));
        Assert.True(table.TryTake(0x9999_0000_0000, now));
        Assert.True(table.TryTake(0x1234_5678, now + (System.Diagnostics.Stopwatch.Frequency / 10)));
        Assert.False(table.TryTake(0x1234_5678, now + (System.Diagnostics.Stopwatch.Frequency / 10)));
        for (var i = 0UL; i < 100_000; i++)
            table.TryTake(i * 0x9E37_79B9_7F4A_7C15, now);
    }

    [Fact]
    public void A_set_of_names_has_what_was_added() => Gen.ULong.Array[0, 2000].Sample(hashes =>
    {
        var set = new NameSet();
        foreach (var hash in hashes)
            set.Add(hash);
        Assert.All(hashes, hash => Assert.True(set.Contains(hash)));
        Assert.Equal(hashes.Select(hash => hash | 1).Distinct().Count(), set.Count);
    });

    [Theory]
    [InlineData("127.0.0.1:53", DnsListenKind.Plain)]
    [InlineData("tls://[::1]:853", DnsListenKind.Tls)]
    [InlineData("dnscrypt://127.0.0.1:443", DnsListenKind.DnsCrypt)]
    public void An_address_to_listen_on_is_written_as_it_was_read(string text, DnsListenKind kind)
    {
        Assert.True(DnsListenAddress.TryParse(text, out var address, out _));
        Assert.Equal((kind, text), (address.Kind, address.ToString()));
        Assert.False(DnsListenAddress.TryParse("https://127.0.0.1:443", out _, out _));
        Assert.False(DnsListenAddress.TryParse("unix:/x", out _, out _));
    }

    [Theory]
    [InlineData("sdns://AQMAAAAAAAAAFDE3Ni4xMDMuMTMwLjEzMDo1NDQzINErR_JS3PLCu_iZEIbq95zkSV2LFsigxDIuUso_OQhzIjIuZG5zY3J5cHQuZGVmYXVsdC5uczEuYWRndWFyZC5jb20#relay=192.0.2.1:443", ServerProtocol.DnsCrypt)]
    [InlineData("sdns://AgcAAAAAAAAABzEuMC4wLjGgENk8mGSlIfMGXMOlIlCcKvq7AVgcrZxtjon911-ep0cg63Ul-I8NlFj4GplQGb_TTLiczclX57DvMV8Q-JdjgRgSZG5zLmNsb3VkZmxhcmUuY29tCi9kbnMtcXVlcnk", ServerProtocol.Https)]
    public void A_stamp_is_the_address_of_a_server(string stamp, ServerProtocol protocol)
    {
        Assert.True(ServerAddress.TryParse(stamp, out var address, out var fault), fault);
        Assert.Equal((protocol, stamp), (address.Protocol, address.Text));
        Assert.Equal(protocol == ServerProtocol.DnsCrypt, address.Relay is not null);
        Assert.False(ServerAddress.TryParse(stamp[..40], out _, out fault));
        Assert.Contains("sdns://", fault, StringComparison.Ordinal);
    }

    private static byte[] Query(string name, ushort udpSize = 0)
    {
        var buffer = new byte[512];
        var writer = new DnsMessageWriter(buffer, new DnsHeader(0x1234, DnsFlags.RecursionDesired));
        Assert.True(writer.TryWriteQuestion(DnsName.Parse(name).Wire, DnsType.A));
        if (udpSize > 0)
        {
            writer.TryBeginEdns(udpSize, dnssecOk: false);
            writer.EndEdns();
        }

        return buffer[..writer.Finish()];
    }

    private Task<byte[]> AnswerAsync(Lane lane, byte[] query, ClientKind kind) => _reactor.RunAsync(() =>
    {
        var answer = new byte[4096];
        Assert.Equal(QueryOutcome.Answered, lane.Answer(query, new Client(Loopback, kind, 4096), default, Nobody.Instance, null, answer, out var length, out _));
        return Task.FromResult(answer[..length]);
    });

    private Lane Make(DnsConfig config, out AnswerCache cache)
    {
        cache = new AnswerCache();
        var rules = new LaneRules(NameRules.Read(config, 1, static warning => Assert.Fail(warning)), new ClientRules(config), [], cache, BlockAnswer.NXDomain, true, null);
        return new Lane(_reactor.Reactor, rules, new OutstandingBudget(100), static warning => Assert.Fail(warning));
    }

    private sealed class Nobody : IReplySink
    {
        public static Nobody Instance { get; } = new();

        public void Reply(ReadOnlySpan<byte> answer, in Endpoint peer, object? state, uint left) => Assert.Fail("Nobody waits.");
    }
}
