using Gatehouse.Net.Tests.Support;
using Gatehouse.Net.Tls;
using Gatehouse.Net.Transports;

namespace Gatehouse.Net.Tests.Tls;

/// <summary>The contract of a transport, kept by TLS over carriers of every kind.</summary>
public sealed class TlsTransportTests : IDisposable
{
    private readonly TlsLab _lab = new();

    public static TheoryData<string> Kinds => TlsLab.Kinds;

    public void Dispose() => _lab.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Bytes_arrive_in_order_both_ways(string kind)
    {
        var ends = await _lab.Connect(kind);
        foreach (var size in (int[])[1, 100, 16 * 1024, 16 * 1024 + 1, 100_000])
        {
            foreach (var (from, to) in ((TlsEnd, TlsEnd)[])[(ends[0], ends[1]), (ends[1], ends[0])])
            {
                var data = Clients.Random(size, size);
                var received = to.Receive(size);
                await from.Send(data);
                Assert.Equal(data, await received);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_half_close_lets_the_answer_through(string kind)
    {
        var ends = await _lab.Connect(kind);
        var question = ends[1].Receive();
        await ends[0].Send("question"u8.ToArray(), transport => transport.ShutdownWrite());
        Assert.Equal("question"u8.ToArray(), await question);
        var answer = ends[0].Receive();
        await ends[1].Send(Clients.Random(50_000), transport =>
        {
            transport.ShutdownWrite();
            Assert.Equal(Errno.AfterShutdown, transport.Write("more"u8).Errno);
        });
        Assert.Equal(Clients.Random(50_000), await answer);
        await ends[0].On(transport =>
        {
            Assert.Equal(Errno.AfterShutdown, transport.Write("x"u8).Errno);
            Assert.True(transport.Read(new byte[1]).IsEndOfStream);
            transport.Close();
            Assert.Equal(Errno.BadDescriptor, transport.Read(new byte[1]).Errno);
            Assert.Equal(Errno.BadDescriptor, transport.Write("x"u8).Errno);
        });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Close_ends_the_peers_stream_in_order(string kind)
    {
        var ends = await _lab.Connect(kind);
        var received = ends[0].Receive();
        await ends[1].Send("bye"u8.ToArray(), transport => transport.Close());
        Assert.Equal("bye"u8.ToArray(), await received);
        Assert.True(ends[1].Transport.IsClosed);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_stream_that_was_cut_off_is_no_end(string kind)
    {
        var ends = await _lab.Connect(kind);
        var received = ends[0].Receive();
        await ends[1].On(transport => transport.Abort());
        var fault = await Assert.ThrowsAsync<IOException>(() => received);
        Assert.Matches("broken: 104|errno 104", fault.Message);
        Assert.Equal(Errno.ConnectionReset, await ends[0].On(transport => transport.Read(new byte[1]).Errno));
    }

    [Fact]
    public async Task The_carriers_end_without_close_notify_is_told_as_such()
    {
        var (one, other) = MemoryTransport.Pair(_lab.Group.Reactors[0], _lab.Group.Reactors[1]);
        var acceptor = new TlsAcceptor(_lab.Server(), new Acceptor(_ => { }), _lab);
        await other.Reactor.On(() => acceptor.Accept(other));
        var client = await _lab.Begin(one, "a.test");
        await client.Seen.Saw("writable");
        var received = client.Receive();
        await other.Reactor.On(other.ShutdownWrite);
        Assert.Contains("without close_notify", (await Assert.ThrowsAsync<IOException>(() => received)).Message);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_write_that_waits_is_told_when_there_is_room(string kind)
    {
        var ends = await _lab.Connect(kind);
        var data = Clients.Random(kind == "split" ? 600_000 : 8_000_000);
        var sending = ends[1].Send(data);
        await ends[1].On(_ => { });
        Assert.False(sending.IsCompleted);
        Assert.Equal(data, await ends[0].Receive(data.Length));
        await sending;
        Assert.Contains("writable", ends[1].Seen.Events);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Gathered_writes_keep_their_order(string kind)
    {
        var ends = await _lab.Connect(kind);
        byte[] head = Clients.Random(1000, 1), body = Clients.Random(kind == "split" ? 300_000 : 3_000_000, 2);
        byte[] all = [.. head, .. body];
        var received = ends[0].Receive();
        var sent = 0;
        void Pump()
        {
            while (sent < all.Length)
            {
                var result = sent < head.Length
                    ? ends[1].Transport.Write(head.AsSpan(sent), body)
                    : ends[1].Transport.Write(all.AsSpan(sent, Math.Min(7_000, all.Length - sent)), all.AsSpan(Math.Min(all.Length, sent + 7_000)));
                if (!result.IsDone)
                {
                    Assert.True(result.IsWouldBlock);
                    return;
                }

                sent += result.Count;
            }

            ends[1].Transport.ShutdownWrite(); // not Close, which does not wait until the carrier takes the end
        }

        ends[1].Seen.Writable = Pump;
        await ends[1].On(_ => Pump());
        Assert.Equal(all, await received);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_file_is_sent_in_parts(string kind)
    {
        var ends = await _lab.Connect(kind);
        var content = Clients.Random(kind == "split" ? 200_000 : 3_000_000);
        var path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);
        using var file = File.OpenHandle(path);
        File.Delete(path);
        var received = ends[0].Receive(4 + content.Length - 5);
        long sent = 5;
        var head = 0;
        void Pump()
        {
            while (head < 4)
            {
                var result = ends[1].Transport.Write("head"u8[head..]);
                if (!result.IsDone)
                    return;
                head += result.Count;
            }

            while (sent < content.Length)
            {
                var result = ends[1].Transport.SendFile(file, sent, content.Length - sent);
                if (!result.IsDone)
                    return;
                sent += result.Count;
            }

            Assert.Equal(0, ends[1].Transport.SendFile(file, content.Length, 10).Count);
        }

        ends[1].Seen.Writable = Pump;
        await ends[1].On(_ => Pump());
        var all = await received;
        Assert.Equal("head"u8.ToArray(), all[..4]);
        Assert.Equal(content[5..], all[4..]);
    }

    [Fact]
    public async Task Endpoints_and_facts_are_visible()
    {
        var ends = await _lab.Connect("tcp", _lab.Server(options => options with { Protocols = ["h2", "http/1.1"] }));
        Assert.Equal(ends[0].Transport.LocalEndpoint, ends[1].Transport.RemoteEndpoint);
        foreach (var facts in ends.Select(end => end.Transport.Tls!))
        {
            Assert.Equal("TLSv1.3", facts.Version);
            Assert.Equal("TLS_AES_128_GCM_SHA256", facts.CipherSuite);
            Assert.Equal("a.test", facts.ServerName ?? "a.test");
            Assert.False(facts.IsResumed);
            Assert.Null(facts.Protocol);
        }

        Assert.Equal("a.test", ends[1].Transport.Tls!.ServerName);
        Assert.Equal("CN=a.test", ends[0].Transport.Tls!.Peer!.Subject);
        Assert.Equal(["a.test"], ends[0].Transport.Tls!.Peer!.Names);
        Assert.Null(ends[1].Transport.Tls!.Peer);
    }

    [Fact]
    public async Task TLS_inside_TLS_works()
    {
        // As in CONNECT through a proxy that is spoken to over TLS.
        var outer = await _lab.Connect("tcp");
        var accepted = new TaskCompletionSource<TlsEnd>(TaskCreationOptions.RunContinuationsAsynchronously);
        var acceptor = new TlsAcceptor(_lab.Server(), new Acceptor(transport => accepted.SetResult(new TlsEnd(transport))), _lab);
        await outer[1].On(acceptor.Accept);
        var client = await _lab.Begin(outer[0].Transport, "a.test");
        await client.Seen.Saw("writable");
        var server = await accepted.Task.WaitAsync(ReactorExtensions.Limit);
        var received = server.Receive();
        await client.Send(Clients.Random(300_000), transport => transport.Close());
        Assert.Equal(Clients.Random(300_000), await received);
    }

    [Fact]
    public async Task Transports_of_a_reactor_that_ends_are_closed_and_their_owners_told()
    {
        var ends = await _lab.Connect("tcp");
        _lab.Group.Reactors[1].Dispose();
        Assert.Equal($"broken {Errno.Canceled}", ends[1].Seen.Events.Last());
        Assert.True(ends[1].Transport.IsClosed);
    }
}
