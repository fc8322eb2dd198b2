using System.Text;
using Gatehouse.Net.Interop;
using Gatehouse.Net.Processes;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Net.Tests.Processes;

/// <summary>Messages, streams and descriptors between the ends of a pair.</summary>
public sealed class LocalSocketTests : IDisposable, ILocalSocketEvents
{
    private readonly ReactorGroup _reactors = ReactorGroup.StartNew(1);
    private readonly SemaphoreSlim _receivable = new(0);
    private readonly SemaphoreSlim _sendable = new(0);

    private Reactor Reactor => _reactors.Reactors[0];

    public void Dispose()
    {
        _reactors.Dispose();
        _receivable.Dispose();
        _sendable.Dispose();
    }

    void ILocalSocketEvents.OnReceivable() => _receivable.Release();

    void ILocalSocketEvents.OnSendable() => _sendable.Release();

    [Fact]
    public void Messages_stay_whole_and_can_be_taken_back()
    {
        SafeFileHandle other = null!;
        On(() =>
        {
            var socket = LocalSocket.OpenMessages(Reactor, out other);
            socket.Send("one "u8, "two"u8);
            socket.Send("three"u8);
            return socket;
        });
        var buffer = new byte[100];
        Assert.Equal("one two", Text(buffer, LocalSocket.TryReceive(other, buffer)));
        Assert.Equal("three", Text(buffer, LocalSocket.TryReceive(other, buffer)));
        Assert.True(LocalSocket.TryReceive(other, buffer).IsWouldBlock);
        other.Dispose();
    }

    [Fact]
    public void A_full_queue_says_so_and_tells_when_there_is_room()
    {
        SafeFileHandle other = null!;
        var sent = 0;
        var socket = On(() =>
        {
            var made = LocalSocket.OpenMessages(Reactor, out other);
            made.Events = this;
            while (made.Send(new byte[1000]).IsDone)
                sent++;
            return made;
        });
        Assert.True(sent > 1);
        var buffer = new byte[2000];
        Assert.Equal(1000, LocalSocket.TryReceive(other, buffer).Count);
        while (LocalSocket.TryReceive(other, buffer).IsDone)
        {
        }
        Assert.True(_sendable.Wait(TimeSpan.FromSeconds(10)));
        Assert.True(On(() => socket.Send(new byte[1000])).IsDone);
        other.Dispose();
    }

    [Fact]
    public void Descriptors_pass_and_the_end_is_told()
    {
        using var file = Temporary("from the file");
        SafeFileHandle other = null!;
        var first = On(() => LocalSocket.OpenStream(Reactor, out other));
        On(() => first.Send("ab"u8, default, file));
        var buffer = new byte[100];
        var received = DescriptorCalls.Receive((int)other.DangerousGetHandle(), buffer, out var passed);
        Assert.Equal("ab", Text(buffer, received));
        Assert.NotNull(passed);
        var content = new byte[100];
        Assert.Equal("from the file", Encoding.UTF8.GetString(content, 0, RandomAccess.Read(passed, content, 0)));
        passed.Dispose();
        On(() =>
        {
            first.Events = this;
            Assert.True(first.ReceiveSome(buffer, out _).IsWouldBlock);
            return 0;
        });
        other.Dispose();
        Assert.True(_receivable.Wait(TimeSpan.FromSeconds(10)));
        Assert.True(On(() => first.ReceiveSome(buffer, out _)).IsEndOfStream);
    }

    [Fact]
    public void Shared_words_are_seen_by_who_maps_the_same_file()
    {
        using var words = new SharedWords(4);
        words[2] = 0x01020304;
        var bytes = new byte[16];
        Assert.Equal(16, RandomAccess.Read(words.Descriptor, bytes, 0));
        Assert.Equal(0x01020304u, BitConverter.ToUInt32(bytes, 8));
        RandomAccess.Write(words.Descriptor, BitConverter.GetBytes(7u), 0);
        Assert.Equal(7u, words[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => words[4]);
    }

    private static string Text(byte[] buffer, IoResult result) => Encoding.UTF8.GetString(buffer, 0, result.Count);

    private static SafeFileHandle Temporary(string text)
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, text);
        var handle = File.OpenHandle(path);
        File.Delete(path);
        return handle;
    }

    private T On<T>(Func<T> action)
    {
        var done = new TaskCompletionSource<T>();
        Reactor.Post(_ =>
        {
            try
            {
                done.SetResult(action());
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        }, null);
        Assert.True(done.Task.Wait(TimeSpan.FromSeconds(10)));
        return done.Task.Result;
    }
}
