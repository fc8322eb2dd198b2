using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Interop.Tests.Names;

/// <summary>Servers that are dead, lie or talk nonsense, and clients that do.</summary>
public sealed class HostileTests
{
    [Fact]
    public void Ten_thousand_queries_for_a_dead_server_cost_bounded_memory_and_it_is_noticed_when_it_is_back()
    {
        var isDead = true;
        using var upstream = new StubNameServer(query => Volatile.Read(ref isDead) ? [] : StubNameServer.Address(query, "192.0.2.1"));
        using var served = NameServed.Start($"dns: {{listen: [\"127.0.0.1:$PORT\"], upstream: [\"127.0.0.1:{upstream.Port}\"], timeout: 20s}}");
        using var client = new UdpClient();
        client.Connect(IPAddress.Loopback, served.Port);
        for (var i = 0; i < 12_000; i++)
        {
            client.Send(Query(string.Create(CultureInfo.InvariantCulture, $"n{i}.flood.test")));
            if (i % 100 == 0)
                Thread.Sleep(1);
        }

        Served.Eventually(() => upstream.Queries >= 5_000, "the queries go out");
        Assert.InRange(Resident(served), 0, 600L << 20);
        Volatile.Write(ref isDead, false);
        Assert.Equal("192.0.2.1", served.Dig("after.test"));
    }

    [Fact]
    public void What_is_known_is_given_on_when_nobody_answers_and_the_rest_fails()
    {
        var isDead = false;
        using var upstream = new StubNameServer(query => Volatile.Read(ref isDead) ? [] : StubNameServer.Address(query, "192.0.2.1", ttl: 1));
        using var served = NameServed.Start($"dns: {{listen: [\"127.0.0.1:$PORT\"], upstream: [\"127.0.0.1:{upstream.Port}\"], timeout: 3s}}");
        Assert.Equal("192.0.2.1", served.Dig("known.test"));
        Volatile.Write(ref isDead, true);
        Served.Eventually(() => served.DigWhole("known.test").Contains("known.test.\t\t30\tIN\tA\t192.0.2.1", StringComparison.Ordinal), "the stale answer is given, with a time of 30 s");
        Assert.Contains("EDE: 3 (Stale Answer)", served.DigWhole("known.test"), StringComparison.Ordinal);
        var failed = served.DigWhole("unknown.test");
        Assert.Contains("SERVFAIL", failed, StringComparison.Ordinal);
        Assert.Contains("EDE: 22", failed, StringComparison.Ordinal);
    }

    [Fact]
    public void Lies_and_nonsense_before_the_answer_are_passed_over()
    {
        using var upstream = new StubNameServer(query =>
        {
            var good = query.Answer(300, [192, 0, 2, 1]);
            var otherId = (byte[])good.Clone();
            otherId[0] ^= 0xFF;
            otherId[^1] = 66;
            var otherName = (byte[])good.Clone();
            otherName[13] = (byte)'z';
            otherName[^1] = 66;
            return [[], [1, 2, 3], new byte[600], otherId, otherName, query.Bytes, good];
        });
        using var served = NameServed.Start($"dns: {{listen: [\"127.0.0.1:$PORT\"], upstream: [\"127.0.0.1:{upstream.Port}\"]}}");
        Assert.Equal("192.0.2.1", served.Dig("www.test"));
    }

    [Fact]
    public void A_second_server_answers_for_the_first_that_is_silent_or_fails()
    {
        using var silent = new StubNameServer(static _ => []);
        using var failing = new StubNameServer(static query =>
        {
            var answer = query.Answer(0);
            answer[3] |= 2;
            return [answer];
        });
        using var good = new StubNameServer(static query => StubNameServer.Address(query, "192.0.2.1"));
        using var served = NameServed.Start($"dns: {{listen: [\"127.0.0.1:$PORT\"], upstream: [\"127.0.0.1:{silent.Port}\", \"127.0.0.1:{failing.Port}\", \"127.0.0.1:{good.Port}\"], timeout: 9s}}");
        for (var i = 0; i < 5; i++)
            Assert.Equal("192.0.2.1", served.Dig(string.Create(CultureInfo.InvariantCulture, $"n{i}.test")));
    }

    [Fact]
    public void Garbage_from_clients_changes_nothing_for_others()
    {
        using var upstream = new StubNameServer(static query => StubNameServer.Address(query, "192.0.2.1"));
        using var served = NameServed.Start($"dns: {{listen: [\"127.0.0.1:$PORT\"], upstream: [\"127.0.0.1:{upstream.Port}\"]}}");
        var random = new Random(1);
        using (var client = new UdpClient())
        {
            client.Connect(IPAddress.Loopback, served.Port);
            for (var i = 0; i < 2000; i++)
            {
                var packet = new byte[random.Next(0, 1400)];
                random.NextBytes(packet);
                if (i % 2 == 0)
                    Query("half.test").CopyTo(packet = new byte[random.Next(30, 600)], 0);
                client.Send(packet);
            }
        }

        for (var i = 0; i < 20; i++)
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, served.Port);
            var packet = new byte[random.Next(1, 3000)];
            random.NextBytes(packet);
            client.GetStream().Write(packet);
        }

        // Not a whole query, for ever: others are served meanwhile.
        using var slow = new TcpClient();
        slow.Connect(IPAddress.Loopback, served.Port);
        slow.GetStream().Write([0, 30, 1]);
        Assert.Equal("192.0.2.1", served.Dig("www.test"));
        Assert.Equal("192.0.2.1", served.Dig("www.test", "+tcp"));
    }

    private static byte[] Query(string name) => [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. StubQuery.Wire(name), 0, 1, 0, 1];

    private static long Resident(NameServed served)
    {
        var line = File.ReadLines($"/proc/{served.Process.Id}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(6).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture) * 1024;
    }
}
