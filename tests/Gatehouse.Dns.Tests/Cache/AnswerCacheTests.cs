using Gatehouse.Dns.Cache;
using Gatehouse.Dns.Tests.Support;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Dns.Tests.Cache;

public sealed class AnswerCacheTests
{
    [Fact]
    public void An_answer_comes_back_with_its_time_gone_by_and_the_capitals_of_who_asks()
    {
        var cache = new AnswerCache();
        Add(cache, "www.example", 100, "www.example. 300 IN CNAME a.example.", "a.example. 60 IN A 192.0.2.1");
        Assert.Equal(1, cache.Count);
        var (hit, message) = Find(cache, "WWW.Example", 130);
        Assert.True(hit.IsFresh);
        Assert.Equal(30u, hit.SecondsLeft);
        Assert.Equal("WWW.Example.", message!.Questions[0].Name.ToString());
        Assert.Equal(["WWW.Example. 270 IN CNAME a.Example.", "a.Example. 30 IN A 192.0.2.1"], message.Answers.Select(static record => record.ToString()));
        Assert.False(Find(cache, "www.example", 130, DnsType.AAAA).Hit.IsHit);
        Assert.False(Find(cache, "ww.example", 130).Hit.IsHit);
    }

    [Fact]
    public void The_last_tenth_asks_for_a_new_one_and_the_end_makes_it_stale()
    {
        var cache = new AnswerCache(CacheOptions.Default with { StaleLife = 1000 });
        Add(cache, "a", 0, "a. 100 IN A 192.0.2.1");
        Assert.False(Find(cache, "a", 89).Hit.IsEnding);
        Assert.True(Find(cache, "a", 91).Hit.IsEnding);
        var (hit, message) = Find(cache, "a", 100);
        Assert.True(hit.IsStale);
        Assert.False(hit.IsFresh);
        Assert.Equal(30u, message!.Answers[0].TimeToLive);
        Assert.True(Find(cache, "a", 1099).Hit.IsStale);
        Assert.False(Find(cache, "a", 1100).Hit.IsHit);
    }

    [Fact]
    public void Negative_answers_live_as_long_as_their_soa_says()
    {
        var cache = new AnswerCache();
        var query = Query("no.example", DnsType.A);
        var soa = "example. 600 IN SOA a. b. 1 2 3 4 50";
        Assert.True(cache.Add(Key("no.example"), Messages.Answer(query, DnsRcode.NXDomain, DnsFlags.None, [], [soa]), 0));
        var (hit, message) = Find(cache, "no.example", 10);
        Assert.Equal(40u, hit.SecondsLeft);
        Assert.Equal(DnsRcode.NXDomain, message!.Rcode);
        Assert.Single(message.Authorities);
        Assert.False(cache.Add(Key("no.example"), Messages.Answer(query, DnsRcode.NXDomain, DnsFlags.None, [], []), 0));
        Assert.False(cache.Add(Key("no.example"), Messages.Answer(query, DnsRcode.ServFail, DnsFlags.None, [], [soa]), 0));
        Assert.False(cache.Add(Key("no.example"), Messages.Answer(query, DnsRcode.NoError, DnsFlags.Truncated, ["no.example. 1 IN A 192.0.2.1"], []), 0));
        Assert.False(cache.Add(Key("no.example"), Messages.Answer(query, "no.example. 0 IN A 192.0.2.1"), 0));
        Assert.False(cache.Add(Key("other.example"), Messages.Answer(query, "no.example. 9 IN A 192.0.2.1"), 0));
        Assert.False(cache.Add(Key("no.example"), [1, 2, 3], 0));
    }

    [Fact]
    public void Limits_of_life_hold()
    {
        var cache = new AnswerCache(CacheOptions.Default with { MinLife = 30, MaxLife = 100, StaleLife = 0 });
        Add(cache, "a", 0, "a. 1 IN A 192.0.2.1");
        Add(cache, "b", 0, "b. 4000000000 IN A 192.0.2.1", "b. 5000 IN A 192.0.2.2");
        Assert.Equal(30u, Find(cache, "a", 0).Hit.SecondsLeft);
        Assert.False(Find(cache, "a", 30).Hit.IsHit);
        Assert.Equal(30u, Find(cache, "b", 0).Hit.SecondsLeft);
    }

    [Fact]
    public void Edns_is_not_kept_wherever_it_stood()
    {
        var cache = new AnswerCache();
        var buffer = new byte[512];
        var writer = new DnsMessageWriter(buffer, new DnsHeader(7, DnsFlags.Response | DnsFlags.Authoritative));
        writer.TryWriteQuestion(DnsName.Parse("a.b").Wire, DnsType.A);
        writer.TryWriteRecord(DnsSection.Answer, DnsName.Parse("a.b").Wire, DnsType.A, DnsClass.IN, 60, [1, 2, 3, 4]);
        writer.TryBeginEdns(1232, true);
        writer.EndEdns();
        writer.TryWriteRecord(DnsSection.Additional, DnsName.Parse("c.a.b").Wire, DnsType.A, DnsClass.IN, 60, [1, 2, 3, 4]);
        Assert.True(cache.Add(new CacheQuestion(DnsName.Parse("a.b").Wire, DnsType.A, CacheVariant.DnssecOk), buffer.AsSpan(0, writer.Finish()), 0));
        var (_, message) = Find(cache, "a.b", 0, DnsType.A, CacheVariant.DnssecOk);
        Assert.Null(message!.Edns);
        Assert.Equal("c.a.b. 60 IN A 1.2.3.4", Assert.Single(message.Additionals).ToString());
        Assert.Equal(0, message.Header.Id);
        Assert.Equal(DnsFlags.Response, message.Header.Flags);
        Assert.False(Find(cache, "a.b", 0).Hit.IsHit);
    }

    [Fact]
    public void A_new_answer_takes_the_place_of_the_old()
    {
        var cache = new AnswerCache();
        for (uint now = 0; now < 3000; now++)
        {
            var records = Enumerable.Range(0, (int)(now % 5) + 1).Select(i => $"a. 60 IN A 192.0.2.{i}").ToArray();
            Add(cache, "a", now, records);
            Assert.Equal(records.Length, Find(cache, "a", now).Message!.Answers.Count);
        }
        Assert.Equal(1, cache.Count);
        Assert.InRange(cache.Bytes, 1, 512 * 1024);
    }

    [Fact]
    public void What_is_asked_for_stays_and_the_rest_goes_when_there_are_too_many()
    {
        var cache = new AnswerCache(CacheOptions.Default with { Names = 1000 });
        Add(cache, "kept", 0, "kept. 6000 IN A 192.0.2.1");
        for (var i = 0; i < 20_000; i++)
        {
            Add(cache, $"n{i}", 0, $"n{i}. 6000 IN A 192.0.2.1");
            Assert.True(Find(cache, "kept", 0).Hit.IsFresh, $"after {i}");
            Assert.True(Find(cache, $"n{i}", 0).Hit.IsFresh);
        }
        Assert.InRange(cache.Count, 500, 1200);
        Assert.InRange(cache.Bytes, 1, 2 * 1024 * 1024);
        cache.Clear();
        Assert.Equal(0, cache.Count);
        Assert.False(Find(cache, "kept", 0).Hit.IsHit);
    }

    [Fact]
    public void A_hundred_thousand_names_are_all_there_and_take_less_than_a_hundred_and_twenty_bytes_each()
    {
        const int names = 100_000;
        var cache = new AnswerCache(CacheOptions.Default with { Names = names });
        var buffer = new byte[512];
        var message = new byte[512];
        for (var i = 0; i < names; i++)
        {
            var name = DnsName.Parse($"host{i:000000}.example.com");
            var writer = new DnsMessageWriter(message, new DnsHeader(1, DnsFlags.Response));
            writer.TryWriteQuestion(name.Wire, DnsType.A);
            writer.TryWriteRecord(DnsSection.Answer, name.Wire, DnsType.A, DnsClass.IN, 3600, [10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]);
            Assert.True(cache.Add(new CacheQuestion(name.Wire, DnsType.A), message.AsSpan(0, writer.Finish()), 0));
        }
        Assert.Equal(names, cache.Count);
        for (var i = 0; i < names; i++)
            Assert.True(cache.Find(new CacheQuestion(DnsName.Parse($"host{i:000000}.example.com").Wire, DnsType.A), 1, buffer).IsFresh);
        Assert.InRange(cache.Bytes / names, 60, 120);
    }

    [Fact]
    public void Looking_up_allocates_nothing()
    {
        var cache = new AnswerCache();
        Add(cache, "www.example", 0, "www.example. 300 IN A 192.0.2.1");
        var name = DnsName.Parse("www.example").Wire.ToArray();
        var buffer = new byte[512];
        for (var i = 0; i < 100; i++)
            cache.Find(new CacheQuestion(name, DnsType.A), 1, buffer);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            cache.Find(new CacheQuestion(name, DnsType.A), 1, buffer);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public async Task Readers_beside_writers_see_whole_answers_only()
    {
        var cache = new AnswerCache(CacheOptions.Default with { Names = 200 });
        using var stop = new CancellationTokenSource();
        // Each answer has as many equal addresses as its name says, so that a torn one shows.
        var writer = Task.Run(() =>
        {
            for (var round = 0; round < 20_000; round++)
            {
                var count = 1 + (round * 7 % 23);
                Add(cache, $"n{count}", 0, Enumerable.Range(0, count).Select(_ => $"n{count}. 600 IN A 192.0.2.{count}").ToArray());
                Add(cache, $"filler{round}", 0, $"filler{round}. 600 IN TXT \"{new string('x', round % 200)}\"");
            }
        });
        var hits = 0;
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (!writer.IsCompleted)
            {
                for (var count = 1; count < 24; count++)
                {
                    var (hit, message) = Find(cache, $"n{count}", 0);
                    if (!hit.IsHit)
                        continue;
                    Interlocked.Increment(ref hits);
                    Assert.Equal(count, message!.Answers.Count);
                    Assert.All(message.Answers, record => Assert.Equal(count, record.Data.Span[3]));
                }
            }
        })).ToArray();
        await Task.WhenAll([writer, .. readers]);
        Assert.True(hits > 0);
    }

    private static CacheQuestion Key(string name, DnsType type = DnsType.A, CacheVariant variant = CacheVariant.None) => new(DnsName.Parse(name).Wire, type, variant);

    private static byte[] Query(string name, DnsType type) => Gatehouse.Dns.Resolver.QueryWriter.Write(Messages.Question(name, type), Gatehouse.Dns.Resolver.QueryOptions.Default, false);

    private static void Add(AnswerCache cache, string name, uint now, params string[] records) =>
        Assert.True(cache.Add(Key(name), Messages.Answer(Query(name, DnsType.A), records), now));

    private static (CacheHit Hit, DnsMessage? Message) Find(
        AnswerCache cache, string name, uint now, DnsType type = DnsType.A, CacheVariant variant = CacheVariant.None)
    {
        var buffer = new byte[16 * 1024];
        var hit = cache.Find(Key(name, type, variant), now, buffer);
        return (hit, hit.IsHit ? Messages.Read(buffer.AsMemory(0, hit.Length)) : null);
    }
}
