using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tests.Support;
using Gatehouse.Net.Transports;

namespace Gatehouse.Net.Tests.Transports;

[CollectionDefinition("descriptor limit", DisableParallelization = true)]
public sealed class DescriptorLimitCollection;

/// <summary>RLIMIT_NOFILE belongs to the process, so no other test runs meanwhile.</summary>
[Collection("descriptor limit")]
public sealed partial class DescriptorLimitTests
{
    private const int NoFile = 7;

    [Fact]
    public void A_listener_without_descriptors_pauses_says_so_once_and_goes_on_when_there_are_some()
    {
        using var reactor = new Reactor(0);
        reactor.Start();
        var acceptor = Acceptor.Echo();
        using var listener = Listener.Start([reactor], Acceptor.Loopback, acceptor);
        using var served = Clients.Connect(listener.Endpoint);
        served.Send("a"u8);
        served.ReadExactly(1);
        using var late = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 20_000 };

        Assert.Equal(0, GetLimit(NoFile, out var before));
        try
        {
            // Every descriptor from 0 up to the limit is in use or beyond it.
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            var lowest = new Limit { Current = 0, Most = before.Most };
            Assert.Equal(0, SetLimit(NoFile, lowest));
            late.Connect(new IPEndPoint(IPAddress.Loopback, listener.Endpoint.Port));
            late.Send("b"u8);
            Assert.True(SpinWait.SpinUntil(() => acceptor.Suspensions > 0, 10_000), "Expected the listener to say that it is suspended.");
            Thread.Sleep(350);
            Assert.Equal(1, acceptor.Suspensions);
            Assert.Equal(Errno.FilesExhausted, acceptor.SuspendedBy);
            Assert.Equal(1, acceptor.Accepted);

            // Others keep being served meanwhile.
            served.Send("c"u8);
            Assert.Equal("c"u8.ToArray(), served.ReadExactly(1));
        }
        finally
        {
            Assert.Equal(0, SetLimit(NoFile, before));
        }

        Assert.Equal("b"u8.ToArray(), late.ReadExactly(1));
        Assert.Equal(2, acceptor.Accepted);
    }

    [Fact]
    public async Task A_connect_without_descriptors_fails_in_a_later_turn()
    {
        using var reactor = new Reactor(0);
        reactor.Start();
        var seen = new Recorder();
        Assert.Equal(0, GetLimit(NoFile, out var before));
        try
        {
            await reactor.On(() =>
            {
                Assert.Equal(0, SetLimit(NoFile, before with { Current = 0 }));
                var transport = Connector.Connect(reactor, Acceptor.Loopback, seen);
                Assert.Empty(seen.Events);
                seen.Broken = _ => transport.Close();
            });
        }
        finally
        {
            Assert.Equal(0, SetLimit(NoFile, before));
        }

        await seen.Saw($"broken {Errno.FilesExhausted}");
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);

    private record struct Limit
    {
        public ulong Current;
        public ulong Most;
    }
}
