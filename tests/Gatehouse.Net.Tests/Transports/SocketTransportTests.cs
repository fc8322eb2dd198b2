using System.Net.Sockets;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tests.Support;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Net.Tests.Transports;

public sealed class SocketTransportTests : IDisposable
{
    private readonly Reactor _reactor = new(0);
    private readonly List<IDisposable> _open = [];

    public SocketTransportTests() => _reactor.Start();

    public void Dispose()
    {
        _open.ForEach(item => item.Dispose());
        _reactor.Dispose();
    }

    [Fact]
    public async Task A_half_close_lets_the_answer_through()
    {
        var (client, server, seen) = await Pair();
        client.Send("question"u8);
        client.Shutdown(SocketShutdown.Send);
        await Until(() => Read(server, 100).IsEndOfStream, seen);
        await _reactor.On(() =>
        {
            Assert.Equal(6, server.Write("answer"u8).Count);
            server.ShutdownWrite();
            Assert.Equal(Errno.AfterShutdown, server.Write("more"u8).Errno);
        });
        Assert.Equal("answer"u8.ToArray(), client.ReadExactly(6));
        Assert.Equal(0, client.Receive(new byte[1]));
        Assert.DoesNotContain(seen.Events, name => name.StartsWith("broken", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_end_is_found_though_a_short_read_came_before_it()
    {
        var (client, server, seen) = await Pair();
        Assert.True(await _reactor.On(() => server.Read(new byte[10]).IsWouldBlock));
        client.Send("abc"u8);
        client.Shutdown(SocketShutdown.Send);
        await seen.Saw("readable");
        var read = new List<string>();
        await Until(
            () =>
            {
                while (true)
                {
                    var result = server.Read(new byte[10]);
                    if (result.IsWouldBlock)
                        return false;
                    read.Add(result.ToString());
                    if (!result.IsDone)
                        return true;
                }
            },
            seen);
        Assert.Equal(["3 bytes", "end of stream"], read);
        Assert.True(await _reactor.On(() => server.Read(new byte[10]).IsEndOfStream));
    }

    [Fact]
    public async Task A_reset_is_told_once_and_everything_fails_after_it()
    {
        var (client, server, seen) = await Pair();
        Assert.True(await _reactor.On(() => server.Read(new byte[10]).IsWouldBlock));
        client.LingerState = new LingerOption(true, 0);
        client.Close();
        await seen.Saw($"broken {Errno.ConnectionReset}");
        await _reactor.On(() =>
        {
            Assert.Equal(Errno.ConnectionReset, server.Read(new byte[10]).Errno);
            Assert.Equal(Errno.ConnectionReset, server.Write("x"u8).Errno);
            server.Close();
            Assert.Equal(Errno.BadDescriptor, server.Read(new byte[10]).Errno);
        });
        Assert.Single(seen.Events, name => name.StartsWith("broken", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_came_before_a_reset_can_still_be_read()
    {
        var (client, server, seen) = await Pair();
        var got = 0;
        seen.Readable = () => got += Math.Max(0, server.Read(new byte[100]).Count);
        await _reactor.On(() =>
        {
            Assert.True(server.Read(new byte[10]).IsWouldBlock);
            client.Send("answer"u8);
            client.LingerState = new LingerOption(true, 0);
            client.Close();
        });
        await seen.Saw($"broken {Errno.ConnectionReset}");
        Assert.Equal(6, got);
    }

    [Fact]
    public async Task After_a_failed_write_the_peers_answer_can_still_be_read()
    {
        var (client, server, _) = await Pair();
        await _reactor.On(() =>
        {
            // The client closes with unread bytes, which resets: the answer is there, and so is the reset.
            server.Write("a request"u8);
            client.Send("answer"u8);
            Thread.Sleep(20);
            client.Close();
            Thread.Sleep(20);
            Assert.True(server.Write("more of it"u8).IsFailure);
            Assert.True(server.Write("and more"u8).IsFailure);
            Assert.Equal(6, server.Read(new byte[100]).Count);
            Assert.False(server.Read(new byte[100]).IsDone);
            Assert.False(server.Read(new byte[100]).IsWouldBlock);
            server.Close();
        });
    }

    [Fact]
    public async Task Abort_resets_the_peer()
    {
        var (client, server, _) = await Pair();
        await _reactor.On(server.Abort);
        Assert.Equal(SocketError.ConnectionReset, Assert.Throws<SocketException>(() => client.Receive(new byte[1])).SocketErrorCode);
    }

    [Fact]
    public async Task A_transport_that_is_closed_in_a_callback_is_not_called_again()
    {
        var (client, server, seen) = await Pair();
        seen.Readable = server.Close;
        await _reactor.On(() =>
        {
            Assert.True(server.Read(new byte[10]).IsWouldBlock);
            while (!server.Write(new byte[65536]).IsWouldBlock)
            {
            }

            // Both readable and writable, with the peer's end, in one event.
            client.Send("x"u8);
            var drain = new byte[1 << 20];
            client.ReceiveTimeout = 200;
            try
            {
                while (client.Receive(drain) > 0)
                {
                }
            }
            catch (SocketException)
            {
            }

            client.Close();
        });
        await seen.Saw("readable");
        await _reactor.On(() => { });
        var events = seen.Events.ToArray();
        Assert.Equal("readable", events[^1]);
        Assert.Single(events, "readable");
        Assert.Equal(0, await _reactor.On(() => _reactor.SourceCount));
    }

    [Fact]
    public async Task An_event_of_the_same_turn_does_not_reach_a_transport_that_another_callback_closed()
    {
        var (firstClient, first, firstSeen) = await Pair();
        var (secondClient, second, secondSeen) = await Pair();
        firstSeen.Readable = second.Close;
        secondSeen.Readable = first.Close;
        await _reactor.On(() =>
        {
            Assert.True(first.Read(new byte[10]).IsWouldBlock);
            Assert.True(second.Read(new byte[10]).IsWouldBlock);
            firstClient.Send("x"u8);
            secondClient.Send("x"u8);
            Thread.Sleep(20);
        });
        await Until(() => first.IsClosed || second.IsClosed, firstSeen);
        await _reactor.On(() => { });
        Assert.Equal(1, firstSeen.Events.Count + secondSeen.Events.Count);
    }

    [Fact]
    public async Task A_write_that_waited_is_told_when_there_is_room_and_gathered_writes_keep_their_order()
    {
        var (client, server, seen) = await Pair();
        byte[] head = Clients.Random(1000, 1), body = Clients.Random(20_000_000, 2);
        byte[] all = [.. head, .. body];
        var sent = 0;
        void Pump()
        {
            while (sent < all.Length)
            {
                var result = sent < head.Length
                    ? server.Write(head.AsSpan(sent), body)
                    : server.Write(all.AsSpan(sent));
                if (!result.IsDone)
                {
                    Assert.True(result.IsWouldBlock);
                    return;
                }

                sent += result.Count;
            }

            server.Close();
        }

        seen.Writable = Pump;
        await _reactor.On(Pump);
        Assert.Equal(all, client.ReadExactly(all.Length));
        Assert.Contains("writable", seen.Events);
        Assert.Equal(0, client.Receive(new byte[1]));
    }

    [Fact]
    public async Task A_large_file_goes_out_in_parts()
    {
        var (client, server, seen) = await Pair();
        using var file = Temporary(Clients.Random(12_000_000), out var content);
        long sent = 5;
        void Pump()
        {
            while (sent < content.Length)
            {
                var result = server.SendFile(file, sent, content.Length - sent);
                if (!result.IsDone)
                    return;
                sent += result.Count;
            }
        }

        seen.Writable = Pump;
        await _reactor.On(Pump);
        Assert.Equal(content[5..], client.ReadExactly(content.Length - 5));
        Assert.Contains("writable", seen.Events);
    }

    [Fact]
    public async Task A_file_that_became_shorter_is_told_by_a_send_of_nothing()
    {
        var (client, server, seen) = await Pair();
        using var file = Temporary(Clients.Random(1000), out _);
        var results = new List<string>();
        long sent = 0;
        void Pump()
        {
            while (true)
            {
                var result = server.SendFile(file, sent, 5000 - sent);
                if (result.IsWouldBlock)
                    return;
                results.Add(result.ToString());
                sent += result.Count;
                if (result.Count == 0)
                    return;
            }
        }

        seen.Writable = Pump;
        await _reactor.On(Pump);
        await Until(() => results.Count == 2, seen);
        Assert.Equal(["1000 bytes", "0 bytes"], results);
        Assert.Equal(1000, client.ReadExactly(1000).Length);

        // Once more: now the socket is in the epoll set for writing already, and the edge must still come.
        results.Clear();
        sent = 0;
        await _reactor.On(Pump);
        await Until(() => results.Count == 2, seen);
        Assert.Equal(["1000 bytes", "0 bytes"], results);
    }

    [Fact]
    public async Task An_empty_read_and_an_empty_write_move_nothing()
    {
        var (_, server, _) = await Pair();
        await _reactor.On(() =>
        {
            Assert.Equal(IoResult.Done(0), server.Write([]));
            Assert.Equal(IoResult.Done(0), server.Write([], []));
        });
    }

    [Fact]
    public async Task Endpoints_are_those_of_the_socket()
    {
        var (client, server, _) = await Pair();
        var local = await _reactor.On(() => server.LocalEndpoint);
        Assert.Equal(((System.Net.IPEndPoint)client.RemoteEndPoint!).Port, local.Port);
        Assert.Equal(((System.Net.IPEndPoint)client.LocalEndPoint!).Port, server.RemoteEndpoint.Port);
        Assert.Equal(IpAddress.FromV4(0x7F000001), server.RemoteEndpoint.Address);
    }

    [Fact]
    public async Task Transports_of_a_reactor_that_ends_are_closed_and_their_owners_told()
    {
        var reactor = new Reactor(1);
        reactor.Start();
        var seen = new Recorder();
        Transport? server = null;
        using var listener = Listener.Start([reactor], Acceptor.Loopback, new Acceptor(transport =>
        {
            server = transport;
            transport.Events = seen;
        }));
        using var client = Clients.Connect(listener.Endpoint);
        await Task.Run(() => SpinWait.SpinUntil(() => server is not null, ReactorExtensions.Limit), TestContext.Current.CancellationToken);
        reactor.Dispose();
        Assert.True(server!.IsClosed);
        Assert.Equal([$"broken {Errno.Canceled}"], seen.Events);
        Assert.Equal(0, client.Receive(new byte[1]));
    }

    private static IoResult Read(Transport transport, int size) => transport.Read(new byte[size]);

    private async Task Until(Func<bool> condition, Recorder seen)
    {
        var end = DateTime.UtcNow + ReactorExtensions.Limit;
        while (!await _reactor.On(condition))
        {
            Assert.True(DateTime.UtcNow < end, $"Not reached; events: {string.Join(", ", seen.Events)}.");
            await Task.Delay(2);
        }
    }

    private async Task<(Socket Client, Transport Server, Recorder Seen)> Pair()
    {
        var accepted = new TaskCompletionSource<Transport>(TaskCreationOptions.RunContinuationsAsynchronously);
        var seen = new Recorder();
        var listener = Listener.Start([_reactor], Acceptor.Loopback, new Acceptor(transport =>
        {
            transport.Events = seen;
            accepted.SetResult(transport);
        }));
        var client = Clients.Connect(listener.Endpoint);
        var server = await accepted.Task.WaitAsync(ReactorExtensions.Limit);
        _open.Add(client);
        listener.Dispose();
        return (client, server, seen);
    }

    private static SafeFileHandle Temporary(byte[] bytes, out byte[] content)
    {
        content = bytes;
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, bytes);
        var handle = File.OpenHandle(path);
        File.Delete(path);
        return handle;
    }
}
