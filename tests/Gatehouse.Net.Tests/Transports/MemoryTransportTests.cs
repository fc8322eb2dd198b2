using CsCheck;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tests.Support;
using Gatehouse.Net.Transports;

namespace Gatehouse.Net.Tests.Transports;

public sealed class MemoryTransportTests : IDisposable
{
    private readonly ReactorGroup _group = ReactorGroup.StartNew(2);

    public void Dispose() => _group.Dispose();

    [Fact]
    public void However_the_stream_is_split_the_bytes_arrive_in_order() =>
        Gen.Select(Gen.Byte.Array[0, 5000], Gen.Int[1, 700], Gen.Int[1, 300], Gen.Int[1, 300], Gen.Bool).Sample(
            (data, capacity, readLimit, writeLimit, sameReactor) =>
            {
                var (client, server) = MemoryTransport.Pair(_group.Reactors[0], _group.Reactors[sameReactor ? 0 : 1], capacity);
                client.ReadLimit = server.ReadLimit = readLimit;
                client.WriteLimit = server.WriteLimit = writeLimit;
                _ = server.Reactor.On(() => _ = new EchoConnection(server));
                return Exchange(client, data).SequenceEqual(data);
            },
            iter: 200,
            threads: 1);

    [Fact]
    public async Task A_read_and_a_write_that_wait_are_told()
    {
        var (first, second) = MemoryTransport.Pair(_group.Reactors[0], _group.Reactors[1], 10);
        Recorder one = new(), two = new();
        first.Events = one;
        second.Events = two;
        Assert.True(await second.Reactor.On(() => second.Read(new byte[20]).IsWouldBlock));
        await first.Reactor.On(() =>
        {
            Assert.Equal(10, first.Write("01234567"u8, "89abc"u8).Count);
            Assert.True(first.Write("x"u8).IsWouldBlock);
        });
        await two.Saw("readable");
        Assert.Equal(10, await second.Reactor.On(() => second.Read(new byte[20]).Count));
        await one.Saw("writable");
    }

    [Fact]
    public async Task Half_close_abort_and_close_are_those_of_a_socket()
    {
        var (first, second) = MemoryTransport.Pair(_group.Reactors[0], _group.Reactors[0]);
        var seen = new Recorder();
        second.Events = seen;
        await first.Reactor.On(() =>
        {
            first.Write("abc"u8);
            first.ShutdownWrite();
            Assert.Equal(Errno.AfterShutdown, first.Write("x"u8).Errno);
            Assert.Equal(3, second.Read(new byte[10]).Count);
            Assert.True(second.Read(new byte[10]).IsEndOfStream);
            Assert.Equal(2, second.Write("de"u8).Count);
            Assert.Equal(2, first.Read(new byte[10]).Count);
            first.Close();
            Assert.Equal(Errno.BrokenPipe, second.Write("x"u8).Errno);
            Assert.True(second.Read(new byte[10]).IsEndOfStream);
            Assert.Equal(Errno.BadDescriptor, first.Read(new byte[1]).Errno);
        });
        Assert.Empty(seen.Events);

        var (third, fourth) = MemoryTransport.Pair(_group.Reactors[0], _group.Reactors[1]);
        fourth.Events = seen;
        await third.Reactor.On(third.Abort);
        await seen.Saw($"broken {Errno.ConnectionReset}");
        Assert.Equal(Errno.ConnectionReset, await fourth.Reactor.On(() => fourth.Read(new byte[1]).Errno));
    }

    [Fact]
    public async Task A_file_is_sent_as_through_a_socket()
    {
        var content = Clients.Random(100_000);
        var path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);
        using var file = File.OpenHandle(path);
        var (first, second) = MemoryTransport.Pair(_group.Reactors[0], _group.Reactors[0], 1_000_000);
        await first.Reactor.On(() =>
        {
            Assert.Equal(99_000, first.SendFile(file, 1000, 99_000).Count);
            Assert.Equal(0, first.SendFile(file, 100_000, 10).Count);
            var read = new byte[200_000];
            Assert.Equal(99_000, second.Read(read).Count);
            Assert.True(content.AsSpan(1000).SequenceEqual(read.AsSpan(0, 99_000)));
        });
        File.Delete(path);
    }

    private static byte[] Exchange(MemoryTransport client, byte[] data)
    {
        var got = new List<byte>();
        var done = new TaskCompletionSource();
        var seen = new Recorder();
        var sent = 0;
        void Pump()
        {
            while (sent < data.Length)
            {
                var written = client.Write(data.AsSpan(sent));
                if (!written.IsDone)
                    break;
                sent += written.Count;
            }

            if (sent == data.Length)
                client.ShutdownWrite();
            var buffer = new byte[64];
            while (client.Read(buffer) is var read && !read.IsWouldBlock)
            {
                if (!read.IsDone)
                {
                    done.TrySetResult();
                    return;
                }

                got.AddRange(buffer.AsSpan(0, read.Count));
            }
        }

        seen.Readable = seen.Writable = Pump;
        client.Events = seen;
        client.Reactor.On(Pump).GetAwaiter().GetResult();
        Assert.True(done.Task.Wait(ReactorExtensions.Limit), $"Stuck after {got.Count} of {data.Length} bytes.");
        return [.. got];
    }
}
