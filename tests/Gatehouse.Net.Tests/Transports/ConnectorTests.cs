using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tests.Support;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Tests.Transports;

public sealed class ConnectorTests : IDisposable
{
    private readonly Reactor _reactor = new(0);

    public ConnectorTests() => _reactor.Start();

    public void Dispose() => _reactor.Dispose();

    [Theory]
    [InlineData("tcp")]
    [InlineData("tcp6")]
    [InlineData("unix")]
    [InlineData("abstract")]
    public async Task The_result_comes_in_a_later_turn_and_then_bytes_flow(string kind)
    {
        using var listener = Listener.Start([_reactor], EchoTests.Of(kind), Acceptor.Echo());
        var seen = new Recorder();
        var answer = new TaskCompletionSource<string>();
        await _reactor.On(() =>
        {
            var transport = Connector.Connect(_reactor, listener.Endpoint, seen);
            Assert.Empty(seen.Events);
            Assert.True(transport.Read(new byte[1]).IsWouldBlock);
            Assert.True(transport.Write("x"u8).IsWouldBlock);
            Assert.Equal(listener.Endpoint, transport.RemoteEndpoint);
            seen.Writable = () => Assert.Equal(5, transport.Write("hello"u8).Count);
            seen.Readable = () =>
            {
                var result = transport.Read(new byte[100]);
                if (result.IsDone)
                {
                    answer.TrySetResult(result.ToString());
                    transport.Close();
                }
            };
            return true;
        });
        await seen.Saw("writable");

        // The edge of the answer needs a read that waited first: the echo may be quicker than the owner.
        Assert.Equal("5 bytes", await answer.Task.WaitAsync(ReactorExtensions.Limit, TestContext.Current.CancellationToken));
        Assert.Equal(0, _reactor.CallbackFailures);
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("unix")]
    public async Task Nobody_listening_is_told_in_a_later_turn(string kind)
    {
        var endpoint = EchoTests.Of(kind);
        var expected = Errno.NoEntry;
        if (kind == "tcp")
        {
            using var gone = Listener.Start([_reactor], endpoint, Acceptor.Echo());
            endpoint = gone.Endpoint;
            expected = Errno.ConnectionRefused;
        }

        var seen = new Recorder();
        await _reactor.On(() =>
        {
            var transport = Connector.Connect(_reactor, endpoint, seen);
            seen.Broken = errno =>
            {
                Assert.Equal(errno, transport.Write("x"u8).Errno);
                transport.Close();
            };
            Assert.Empty(seen.Events);
        });
        await seen.Saw($"broken {expected}");
        Assert.Single(seen.Events);
        Assert.Equal((0L, 0), await _reactor.On(() => (_reactor.CallbackFailures, _reactor.SourceCount)));
    }

    [Fact]
    public async Task A_transport_that_was_closed_before_its_result_hears_nothing()
    {
        using var listener = Listener.Start([_reactor], Acceptor.Loopback, Acceptor.Echo());
        var seen = new Recorder();
        await _reactor.On(() =>
        {
            Connector.Connect(_reactor, listener.Endpoint, seen).Close();
            Connector.Connect(_reactor, new Endpoint("/nonexistent/socket"), seen).Close();
        });
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Empty(seen.Events);
    }

    [Fact]
    public async Task An_endpoint_that_is_none_is_refused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => _reactor.On(() => Connector.Connect(_reactor, default, new Recorder())));
}
