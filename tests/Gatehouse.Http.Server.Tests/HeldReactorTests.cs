using System.Collections.Concurrent;
using Gatehouse.Http.Server.Tests.Support;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Testing;

namespace Gatehouse.Http.Server.Tests;

/// <summary>A handler that blocks its reactor is named, and costs only those who are connected there.</summary>
public sealed class HeldReactorTests
{
    [Fact]
    public void A_handler_that_blocks_is_named_and_new_clients_are_served_by_the_other_reactor()
    {
        using var group = ReactorGroup.StartNew(2);
        using var release = new ManualResetEventSlim();
        var held = new ConcurrentQueue<string>();
        var server = new HttpServer(group.Reactors, new Blocks(release));
        using var listener = Listener.Start(group.Reactors, new Endpoint(IpAddress.FromV4(0x7F000001), 0), server);
        using (new ReactorWatchdog(group.Reactors, report => held.Enqueue($"{report.StandIn is not null} {report.Callback}"), TimeSpan.FromMilliseconds(50)))
        {
            using var blocker = RawClient.Connect(listener.Endpoint.Port);
            blocker.Send("GET /block HTTP/1.1\r\nHost: a\r\n\r\n");
            Eventually.True(() => held.Any(line => line.StartsWith("True route /block/*", StringComparison.Ordinal)), "a report that names the route");
            // The kernel spreads these over the sockets of both reactors.
            for (var i = 0; i < 32; i++)
            {
                using var client = RawClient.Connect(listener.Endpoint.Port);
                client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                Assert.Equal("fine", client.ReadResponse().Text);
            }
            release.Set();
            Assert.Equal("late", blocker.ReadResponse().Text);
        }
    }

    private sealed class Blocks(ManualResetEventSlim release) : IHandler
    {
        public ValueTask HandleAsync(Exchange exchange)
        {
            if (exchange.Path() != "/block")
                return exchange.SendText("fine");
            exchange.Notes.Route = "/block/*";
            Assert.True(release.Wait(TimeSpan.FromSeconds(60)));
            return exchange.SendText("late");
        }
    }
}
