using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tests.Support;
using Gatehouse.Net.Transports;

namespace Gatehouse.Net.Tests.Transports;

/// <summary>While a callback holds a reactor, another accepts from its listening socket; afterwards each accepts its own again.</summary>
public sealed class AcceptStandInTests : IDisposable
{
    private readonly ReactorGroup _group = ReactorGroup.StartNew(2);
    private readonly ManualResetEventSlim _release = new();

    private Reactor First => _group.Reactors[0];

    private Reactor Second => _group.Reactors[1];

    public void Dispose()
    {
        _release.Set();
        _group.Dispose();
        _release.Dispose();
    }

    [Fact]
    public async Task Another_reactor_accepts_for_one_that_is_held_until_it_turns_again()
    {
        var accepted = new int[2];
        var acceptor = new Acceptor(transport =>
        {
            Interlocked.Increment(ref accepted[transport.Reactor.Index]);
            _ = new EchoConnection(transport);
        });
        using var listener = Listener.Start(_group.Reactors, Acceptor.Loopback, acceptor);
        using var watchdog = new ReactorWatchdog(_group.Reactors, _ => { }, TimeSpan.FromMilliseconds(50));
        EchoMany(listener);
        Assert.All(accepted, count => Assert.NotEqual(0, count));
        var sources = await Second.On(() => Second.SourceCount);

        for (var round = 0; round < 3; round++)
        {
            _release.Reset();
            Array.Clear(accepted);
            Hold();
            EchoMany(listener);
            Assert.Equal((0, 64), (accepted[0], accepted[1]));
            _release.Set();
            await Until(async () => await Second.On(() => Second.SourceCount) == sources);
            Array.Clear(accepted);
            EchoMany(listener);
            Assert.All(accepted, count => Assert.NotEqual(0, count));
        }
        Assert.Equal(0, First.CallbackFailures + Second.CallbackFailures);
    }

    [Fact]
    public async Task A_listener_that_closes_meanwhile_frees_its_endpoint()
    {
        using var watchdog = new ReactorWatchdog(_group.Reactors, _ => { }, TimeSpan.FromMilliseconds(50));
        var listener = Listener.Start(_group.Reactors, Acceptor.Loopback, Acceptor.Echo());
        Hold();
        EchoMany(listener);
        var closing = Task.Run(listener.Dispose, TestContext.Current.CancellationToken);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.False(closing.IsCompleted);
        _release.Set();
        await closing.WaitAsync(ReactorExtensions.Limit, TestContext.Current.CancellationToken);
        Listener.Start(_group.Reactors, listener.Endpoint, Acceptor.Echo()).Dispose();
        Assert.Equal(0, await Second.On(() => Second.SourceCount));
    }

    // Returns when the reactor is held: what it accepted in the same turn before would wait with it.
    private void Hold()
    {
        using var isHeld = new ManualResetEventSlim();
        First.Post(
            _ =>
            {
                isHeld.Set();
                _release.Wait(ReactorExtensions.Limit);
            },
            null);
        Assert.True(isHeld.Wait(ReactorExtensions.Limit));
    }

    // The kernel spreads these over the sockets of both reactors.
    private static void EchoMany(Listener listener)
    {
        var clients = Enumerable.Range(0, 64).Select(_ => Clients.Connect(listener.Endpoint)).ToArray();
        foreach (var client in clients)
        {
            client.Send("x"u8);
            Assert.Equal("x"u8.ToArray(), client.ReadExactly(1));
        }
        foreach (var client in clients)
            client.Dispose();
    }

    private static async Task Until(Func<Task<bool>> condition)
    {
        var end = DateTime.UtcNow + ReactorExtensions.Limit;
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < end, "Expected an end within the limit.");
            await Task.Delay(5);
        }
    }
}
