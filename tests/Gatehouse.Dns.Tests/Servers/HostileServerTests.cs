using System.Diagnostics;
using Gatehouse.Dns.Resolver;
using Gatehouse.Dns.Servers;
using Gatehouse.Dns.Tests.Support;
using Gatehouse.Protocols.Dns;

namespace Gatehouse.Dns.Tests.Servers;

/// <summary>What servers, and those who pretend to be one, can do; with the error that a user sees.</summary>
public sealed class HostileServerTests : IDisposable
{
    private static readonly ServerOptions Quick = ServerOptions.Default with { Timeout = TimeSpan.FromMilliseconds(300) };
    private static readonly ServerOptions Patient = ServerOptions.Default with { Timeout = TimeSpan.FromSeconds(20) };
    private readonly OneReactor _reactor = new();
    private readonly FakeServer _fake = new();

    public void Dispose()
    {
        _fake.Dispose();
        _reactor.Dispose();
    }

    [Fact]
    public async Task The_right_answer_is_taken_with_the_capitals_that_were_asked_for()
    {
        var seen = "";
        _fake.Udp = query =>
        {
            seen += Messages.QuestionOf(query).Name;
            return [Messages.Answer(query, "www.example. 60 IN A 192.0.2.1")];
        };
        using var server = Udp(Patient);
        var reply = await AskAsync(server);
        var message = Messages.Read(reply.Message);
        Assert.Equal("www.example.", message.Questions[0].Name.ToString());
        Assert.Equal(0, message.Header.Id);
        Assert.Equal("www.example. 60 IN A 192.0.2.1", message.Answers[0].ToString());
        Assert.Equal(ServerProtocol.Udp, reply.Protocol);
        for (var i = 0; i < 9; i++)
            await AskAsync(server);
        Assert.Contains(seen, char.IsAsciiLetterUpper);
        Assert.Contains(seen, char.IsAsciiLetterLower);
    }

    [Fact]
    public async Task Datagrams_with_another_id_or_question_are_passed_over()
    {
        _fake.Udp = static query =>
        {
            var right = Messages.Answer(query, "www.example. 60 IN A 192.0.2.1");
            var otherId = (byte[])right.Clone();
            otherId[1] ^= 1;
            var otherName = (byte[])right.Clone();
            otherName[14] = (byte)'x';
            var otherType = Messages.Answer(query, "www.example. 60 IN A 192.0.2.66");
            otherType[12 + 13 + 1] = (byte)DnsType.TXT;
            var query2 = (byte[])query.Clone();
            return [otherId, otherName, otherType, query2, [1, 2, 3], [], right];
        };
        using var server = Udp(Patient);
        Assert.Equal("www.example. 60 IN A 192.0.2.1", Messages.Read((await AskAsync(server)).Message).Answers[0].ToString());
        Assert.Equal(1, _fake.UdpQueries);
    }

    [Fact]
    public async Task Other_capitals_and_a_flood_of_guesses_take_the_query_to_tcp()
    {
        _fake.Tcp = static query => FakeServer.Framed(Messages.Answer(query, "www.example. 60 IN A 192.0.2.7"));
        _fake.Udp = static query =>
        {
            var wrong = Messages.Answer(query, "www.example. 60 IN A 192.0.2.66");
            for (var i = 12; i < 25; i++)
                wrong[i] = char.IsAsciiLetter((char)wrong[i]) ? (byte)(wrong[i] ^ 0x20) : wrong[i];
            return [wrong];
        };
        using var server = Udp(Patient);
        var reply = await AskAsync(server);
        Assert.Equal((ServerProtocol.Tcp, "www.example. 60 IN A 192.0.2.7"), (reply.Protocol, Messages.Read(reply.Message).Answers[0].ToString()));

        _fake.Udp = static query => Enumerable.Range(0, 100).Select(number =>
        {
            var guess = Messages.Answer(query, "www.example. 60 IN A 192.0.2.66");
            guess[0] ^= (byte)(1 + number);
            return guess;
        });
        Assert.Equal(ServerProtocol.Tcp, (await AskAsync(server)).Protocol);
    }

    [Fact]
    public async Task A_cut_answer_is_asked_for_over_tcp()
    {
        _fake.Udp = static query => [Messages.Answer(query, DnsRcode.NoError, DnsFlags.Truncated, [], [])];
        var large = Enumerable.Range(0, 250).Select(static i => $"www.example. 60 IN TXT \"{new string('x', 230)}{i:000}\"").ToArray();
        _fake.Tcp = query => FakeServer.Framed(Messages.Answer(query, large));
        using var server = Udp(Patient);
        var reply = await AskAsync(server, DnsType.TXT);
        Assert.Equal(ServerProtocol.Tcp, reply.Protocol);
        Assert.InRange(reply.Message.Length, 60_000, 65_535);
        Assert.Equal(250, Messages.Read(reply.Message).Answers.Count);
    }

    [Fact]
    public async Task Silence_ends_with_the_time_limit_and_says_so()
    {
        using var server = Udp(Quick);
        var clock = Stopwatch.StartNew();
        var exception = await Assert.ThrowsAsync<DnsException>(() => AskAsync(server));
        Assert.Equal(DnsFault.Timeout, exception.Fault);
        Assert.Equal($"127.0.0.1:{_fake.Port} did not answer 2 times within 0.3 s", exception.Message);
        Assert.InRange(clock.ElapsedMilliseconds, 500, 20_000);
        Assert.Equal(2, _fake.UdpQueries);
    }

    [Fact]
    public async Task Nobody_at_the_port_is_known_at_once()
    {
        var port = (ushort)Testing.FreePort.Udp();
        using var server = _reactor.Server(ServerAddress.Of(_fake.Endpoint.Address, port), Patient);
        var exception = await Assert.ThrowsAsync<DnsException>(() => AskAsync(server));
        Assert.Equal(DnsFault.Network, exception.Fault);
        Assert.Equal($"127.0.0.1:{port} cannot be asked over UDP: nobody listens there", exception.Message);
    }

    [Fact]
    public async Task Queries_share_one_connection_and_are_answered_in_any_order()
    {
        var held = new List<byte[]>();
        _fake.Tcp = query =>
        {
            held.Add(FakeServer.Framed(Messages.Answer(query, $"{Messages.QuestionOf(query).Name} 60 IN A 192.0.2.{held.Count + 1}")));
            // All answers, the last first, when the last query is there.
            return held.Count < 8 ? [] : [.. Enumerable.Reverse(held).SelectMany(static answer => answer)];
        };
        using var server = _reactor.Server(ServerAddress.Of(_fake.Endpoint, ServerProtocol.Tcp), Patient);
        var asked = Enumerable.Range(0, 8).Select(i => _reactor.QueryAsync(server, Messages.Question($"n{i}.example"))).ToArray();
        var replies = await Task.WhenAll(asked);
        for (var i = 0; i < 8; i++)
        {
            var message = Messages.Read(replies[i].Message);
            Assert.Equal($"n{i}.example.", message.Questions[0].Name.ToString());
            Assert.Equal(message.Questions[0].Name, message.Answers[0].Name);
        }
        Assert.Equal(1, _fake.Connections);
        Assert.Equal(8, _fake.TcpQueries);
    }

    [Fact]
    public async Task A_connection_that_the_server_has_closed_is_made_anew()
    {
        var answered = 0;
        _fake.Tcp = query => ++answered % 2 == 0 ? null : FakeServer.Framed(Messages.Answer(query, "www.example. 60 IN A 192.0.2.1"));
        using var server = _reactor.Server(ServerAddress.Of(_fake.Endpoint, ServerProtocol.Tcp), Patient);
        Assert.False((await AskAsync(server)).IsReused);
        Assert.False((await AskAsync(server)).IsReused);
        Assert.Equal((2, 3), (_fake.Connections, _fake.TcpQueries));
    }

    [Fact]
    public async Task Garbage_over_tcp_ends_the_connection()
    {
        _fake.Tcp = static query => FakeServer.Framed([query[0], query[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0, 9, 9, 9]);
        using var server = _reactor.Server(ServerAddress.Of(_fake.Endpoint, ServerProtocol.Tcp), Patient);
        var exception = await Assert.ThrowsAsync<DnsException>(() => AskAsync(server));
        Assert.Equal((DnsFault.BadReply, $"tcp://127.0.0.1:{_fake.Port} sent another question where an answer was expected"), (exception.Fault, exception.Message));
    }

    [Fact]
    public async Task A_connection_that_ends_inside_a_message_says_so()
    {
        using var server = _reactor.Server(ServerAddress.Of(_fake.Endpoint, ServerProtocol.Tcp), Patient);
        var exception = await Assert.ThrowsAsync<DnsException>(() => AskAsync(server));
        Assert.Equal(DnsFault.Network, exception.Fault);
        Assert.Contains("closed the connection", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_drips_is_left_at_the_time_limit()
    {
        _fake.Drip = 1;
        _fake.Tcp = static query => FakeServer.Framed(Messages.Answer(query, $"www.example. 60 IN TXT \"{new string('x', 250)}\""));
        using var server = _reactor.Server(ServerAddress.Of(_fake.Endpoint, ServerProtocol.Tcp), Quick);
        var exception = await Assert.ThrowsAsync<DnsException>(() => AskAsync(server, DnsType.TXT));
        Assert.Equal((DnsFault.Timeout, $"tcp://127.0.0.1:{_fake.Port} did not answer within 0.3 s"), (exception.Fault, exception.Message));
    }

    [Fact]
    public async Task Tls_to_who_does_not_speak_it_fails_with_a_reason()
    {
        _fake.Tcp = static _ => [.. "HTTP/1.1 400 Bad Request\r\n\r\n"u8];
        using var server = _reactor.Server(ServerAddress.Of(_fake.Endpoint, ServerProtocol.Tls), Quick);
        var exception = await Assert.ThrowsAsync<DnsException>(() => AskAsync(server));
        Assert.Contains($"tls://127.0.0.1:{_fake.Port}", exception.Message, StringComparison.Ordinal);
        Assert.True(exception.Fault is DnsFault.Network or DnsFault.Timeout, exception.ToString());
    }

    [Fact]
    public async Task Who_waits_may_give_up()
    {
        using var server = Udp(Patient);
        using var stop = new CancellationTokenSource();
        var asked = _reactor.QueryAsync(server, Messages.Question("www.example"), stop.Token);
        while (_fake.UdpQueries == 0)
            await Task.Delay(5);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        Assert.Equal(0, server.Outstanding);
    }

    [Fact]
    public async Task A_dead_server_has_no_more_queries_waiting_than_are_allowed()
    {
        using var server = Udp(Quick with { MaxOutstanding = 100, Attempts = 1 });
        var asked = Enumerable.Range(0, 1000).Select(_ => AskAsync(server)).ToArray();
        var faults = new List<DnsFault>();
        foreach (var one in asked)
            faults.Add((await Assert.ThrowsAsync<DnsException>(() => one)).Fault);
        Assert.Equal(100, faults.Count(static fault => fault == DnsFault.Timeout));
        Assert.Equal(900, faults.Count(static fault => fault == DnsFault.Busy));
        Assert.Equal(0, server.Outstanding);
        _fake.Udp = static query => [Messages.Answer(query, "www.example. 60 IN A 192.0.2.1")];
        Assert.NotNull(await AskAsync(server));
    }

    [Fact]
    public async Task The_next_server_is_asked_when_one_is_silent_fails_or_refuses()
    {
        using var second = new FakeServer { Udp = static query => [Messages.Answer(query, "www.example. 60 IN A 192.0.2.2")] };
        using var group = await _reactor.RunAsync(() => Task.FromResult(new ServerGroup(
            _reactor.Reactor, [NameServers.Create(_reactor.Reactor, Of(_fake), Patient), NameServers.Create(_reactor.Reactor, Of(second), Patient)])));
        var reply = await AskAsync(group);
        Assert.Equal(second.Endpoint, reply.Endpoint);

        _fake.Udp = static query => [Messages.Answer(query, DnsRcode.Refused, DnsFlags.None, [], [])];
        second.Udp = static query => [Messages.Answer(query, DnsRcode.ServFail, DnsFlags.None, [], [])];
        Assert.True(Messages.Read((await AskAsync(group)).Message).Rcode is DnsRcode.ServFail or DnsRcode.Refused);
        _fake.Udp = static query => [Messages.Answer(query, "www.example. 60 IN A 192.0.2.1")];
        Assert.Equal(_fake.Endpoint, (await AskAsync(group)).Endpoint);
    }

    [Fact]
    public async Task A_server_that_does_not_know_edns_is_asked_without()
    {
        _fake.Udp = static query => [query[11] == 0 ? Messages.Answer(query, "www.example. 60 IN A 192.0.2.1") : Messages.Answer(query, DnsRcode.FormErr, DnsFlags.None, [], [])];
        using var group = await _reactor.RunAsync(() => Task.FromResult(new ServerGroup(_reactor.Reactor, [NameServers.Create(_reactor.Reactor, Of(_fake), Patient)])));
        Assert.Single(Messages.Read((await AskAsync(group)).Message).Answers);
    }

    private static ServerAddress Of(FakeServer server) => ServerAddress.Of(server.Endpoint, ServerProtocol.Udp);

    private NameServer Udp(ServerOptions options) => _reactor.Server(Of(_fake), options);

    private Task<ServerReply> AskAsync(NameServer server, DnsType type = DnsType.A) => _reactor.QueryAsync(server, Messages.Question("www.example", type));

    private Task<ServerReply> AskAsync(ServerGroup group) => _reactor.RunAsync(() => group.QueryAsync(Messages.Question("www.example"), QueryOptions.Default).AsTask());
}
