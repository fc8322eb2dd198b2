using System.Net;
using System.Net.Sockets;
using Gatehouse.Http.Client.Origins;
using Gatehouse.Http.Client.Tests.Support;
using Gatehouse.Http.Urls;
using Gatehouse.Net.Names;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Http.Client.Tests.Requests;

/// <summary>From a host's name to the first of its addresses that answers.</summary>
public sealed class NameTests
{
    [Fact]
    public async Task Next_address_is_tried_when_one_refuses()
    {
        using var server = new TestServer(exchange => exchange.SendAsync("ok"u8.ToArray()));
        var names = new Names("127.0.0.3", "::1", "127.0.0.1");
        using var requester = new HttpRequester(new RequesterOptions { Resolver = names });
        var (response, body) = await requester.GetTextAsync(Url.Parse($"http://many.example:{server.Endpoint.Port}/"));
        Assert.Equal(("ok", server.Endpoint), (body, response.RemoteEndpoint));
        Assert.Equal("many.example", names.Asked);
    }

    [Fact]
    public async Task Next_address_is_tried_beside_one_that_is_silent()
    {
        using var server = new TestServer(exchange => exchange.SendAsync("ok"u8.ToArray()));
        using var silent = new SilentListener("127.0.0.2", server.Endpoint.Port);
        using var requester = new HttpRequester(new RequesterOptions
        {
            Resolver = new Names("127.0.0.2", "127.0.0.1"),
            Timeouts = new ClientTimeouts { Connect = TimeSpan.FromSeconds(15) },
        });
        var started = Environment.TickCount64;
        var (response, _) = await requester.GetTextAsync(Url.Parse($"http://many.example:{server.Endpoint.Port}/"));
        Assert.Equal(server.Endpoint, response.RemoteEndpoint);
        Assert.InRange(Environment.TickCount64 - started, 200, 10_000);
    }

    [Fact]
    public async Task When_no_address_answers_the_last_failure_is_told()
    {
        var port = Testing.FreePort.Tcp();
        using var requester = new HttpRequester(new RequesterOptions { Resolver = new Names("127.0.0.2", "127.0.0.1") });
        var exception = await Assert.ThrowsAsync<ClientException>(() => requester.GetAsync(Url.Parse($"http://many.example:{port}/")));
        Assert.Equal(ClientFault.Connect, exception.Fault);
        Assert.StartsWith($"127.0.0.1:{port} does not accept the connection", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_that_does_not_resolve_is_a_fault_of_its_own()
    {
        using var requester = new HttpRequester();
        var exception = await Assert.ThrowsAsync<ClientException>(() => requester.GetAsync(Url.Parse("http://no-such-host.invalid/")));
        Assert.Equal(ClientFault.NameResolution, exception.Fault);
        Assert.StartsWith("the name 'no-such-host.invalid' was not resolved: ", exception.Message, StringComparison.Ordinal);
        Assert.True(exception.IsUnsent);
    }

    [Fact]
    public async Task Addresses_are_not_resolved()
    {
        using var server = new TestServer(exchange => exchange.SendAsync("ok"u8.ToArray()));
        var names = new Names();
        using var requester = new HttpRequester(new RequesterOptions { Resolver = names });
        Assert.Equal("ok", (await requester.GetTextAsync(server.Url())).Body);
        await Assert.ThrowsAsync<ClientException>(() => requester.GetAsync(Url.Parse($"http://[::1]:{Testing.FreePort.Tcp()}/")));
        Assert.Null(names.Asked);
    }

    [Theory]
    [InlineData("::1 ::2 1.1.1.1 1.1.1.2", "::1 1.1.1.1 ::2 1.1.1.2")]
    [InlineData("1.1.1.1 1.1.1.2 ::1", "1.1.1.1 ::1 1.1.1.2")]
    [InlineData("::1 1.1.1.1 1.1.1.2 1.1.1.3", "::1 1.1.1.1 1.1.1.2 1.1.1.3")]
    [InlineData("1.1.1.1", "1.1.1.1")]
    public void Families_take_turns(string given, string ordered) =>
        Assert.Equal(ordered, string.Join(' ', AddressOrder.Interleave([.. given.Split(' ').Select(text => IpAddress.Parse(text))])));

    /// <summary>Every name has the same addresses.</summary>
    private sealed class Names(params string[] addresses) : INameResolver
    {
        public string? Asked { get; private set; }

        public async ValueTask<ResolvedName> ResolveAsync(string host, CancellationToken cancellation = default)
        {
            Asked = host;
            await Task.Delay(10, cancellation);
            return new ResolvedName([.. addresses.Select(text => IpAddress.Parse(text))], TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Listens and, with its queue full, answers no SYN.</summary>
    private sealed class SilentListener : IDisposable
    {
        private readonly List<Socket> _sockets = [];

        public SilentListener(string address, int port)
        {
            var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _sockets.Add(listener);
            listener.Bind(new IPEndPoint(IPAddress.Parse(address), port));
            listener.Listen(0);
            for (var i = 0; i < 3; i++)
            {
                var filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
                _sockets.Add(filler);
                try
                {
                    filler.Connect(listener.LocalEndPoint!);
                }
                catch (SocketException fault) when (fault.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
                {
                    // Under way.
                }
            }
            Thread.Sleep(50);
        }

        public void Dispose() => _sockets.ForEach(socket => socket.Dispose());
    }
}
