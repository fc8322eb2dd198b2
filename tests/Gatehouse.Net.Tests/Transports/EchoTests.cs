using System.Net.Sockets;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tests.Support;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Tests.Transports;

public sealed class EchoTests : IDisposable
{
    private readonly ReactorGroup _group = ReactorGroup.StartNew(2);

    public void Dispose() => _group.Dispose();

    public static TheoryData<string> Kinds => ["tcp", "tcp6", "unix", "abstract"];

    internal static Endpoint Of(string kind) => kind switch
    {
        "tcp" => Acceptor.Loopback,
        "tcp6" => Acceptor.LoopbackV6,
        "unix" => new Endpoint(Path.Combine(Path.GetTempPath(), $"gatehouse-{Guid.NewGuid():N}.sock")),
        _ => new Endpoint($"@gatehouse-{Guid.NewGuid():N}"),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_sent_comes_back(string kind)
    {
        using var listener = Listener.Start(_group.Reactors, Of(kind), Acceptor.Echo());
        for (var i = 0; i < 20; i++)
        {
            using var client = Clients.Connect(listener.Endpoint);
            foreach (var size in (int[])[1, 100, 16 * 1024, 100_000])
            {
                var sent = Clients.Random(size, i);
                client.Send(sent);
                Assert.Equal(sent, client.ReadExactly(size));
            }

            client.Shutdown(SocketShutdown.Send);
            Assert.Equal(0, client.Receive(new byte[1]));
        }

        Assert.All(_group.Reactors, reactor => Assert.Equal(0, reactor.CallbackFailures));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_slow_reader_holds_up_only_itself(string kind)
    {
        using var listener = Listener.Start(_group.Reactors, Of(kind), Acceptor.Echo());
        using var slow = Clients.Connect(listener.Endpoint);
        var sent = Clients.Random(20_000_000);
        var sending = Task.Run(() => slow.Send(sent), TestContext.Current.CancellationToken);
        using (var other = Clients.Connect(listener.Endpoint))
        {
            other.Send("hello"u8);
            Assert.Equal("hello"u8.ToArray(), other.ReadExactly(5));
        }

        Assert.Equal(sent, slow.ReadExactly(sent.Length));
        Assert.Equal(sent.Length, await sending);
    }
}
