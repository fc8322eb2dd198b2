using Gatehouse.Http.Client.Tests.Support;
using Gatehouse.Http.Urls;
using Gatehouse.Net.Tls;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Headers;
using Gatehouse.Testing;

namespace Gatehouse.Http.Client.Tests.Requests;

public sealed class TlsTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TlsServer _tls;
    private readonly TestServer _server;
    private readonly TlsClient _client;
    private int _connections;

    public TlsTests()
    {
        var (certificate, key) = _authority.Issue("a.test", "127.0.0.1");
        _tls = new TlsServer(new TlsServerOptions
        {
            Sites = [new TlsSite([], new FixedCertificate(TlsCertificate.FromPem(certificate, key)))],
            TicketKeys = new TlsTicketKeys(),
        });
        _server = new TestServer(
            exchange =>
            {
                Assert.True(exchange.Request.IsSecure);
                if (exchange.Request.Path.SequenceEqual("/count"u8))
                    return exchange.SendAsync(System.Text.Encoding.ASCII.GetBytes($"{exchange.RemoteEndpoint.Port} {exchange.Tls!.IsResumed}"));
                return exchange.SendAsync(exchange.Request.Authority.ToArray());
            },
            tls: _tls);
        _client = new TlsClient(new TlsClientOptions { Authorities = [_authority.Der] });
    }

    public void Dispose()
    {
        _server.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public async Task An_https_URL_is_fetched_and_its_connection_kept()
    {
        using var requester = new HttpRequester(new RequesterOptions { Tls = _client });
        var ports = new HashSet<string>();
        for (var i = 0; i < 3; i++)
            ports.Add((await requester.GetTextAsync(_server.Url("/count"))).Body);
        Assert.Single(ports);
    }

    [Fact]
    public async Task A_second_connection_resumes_the_session()
    {
        for (var i = 0; i < 2; i++)
        {
            using var requester = new HttpRequester(new RequesterOptions { Tls = _client });
            Assert.EndsWith(i == 0 ? "False" : "True", (await requester.GetTextAsync(_server.Url("/count"))).Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_certificate_is_verified()
    {
        using var requester = new HttpRequester(new RequesterOptions { Tls = _client, ConnectTo = _ => _server.Endpoint });
        var fault = await Assert.ThrowsAsync<ClientException>(() => requester.GetAsync(Url.Parse("https://b.test/")));
        Assert.Equal(ClientFault.Connect, fault.Fault);
        Assert.Contains("the certificate is for a.test, 127.0.0.1, not for b.test", fault.Message, StringComparison.Ordinal);

        using var stranger = new HttpRequester();
        Assert.Contains("not accepted", (await Assert.ThrowsAsync<ClientException>(() => stranger.GetAsync(_server.Url()))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tunnel_through_a_proxy_carries_TLS()
    {
        using var proxy = new TestServer(async exchange =>
        {
            Assert.True(exchange.Request.Target.SequenceEqual("a.test:443"u8));
            Interlocked.Increment(ref _connections);
            exchange.Response.Status = 200;
            var tunnel = await exchange.UpgradeAsync();
            await Relay(tunnel, _server.Endpoint);
        });
        using var requester = new HttpRequester(new RequesterOptions
        {
            Tls = _client,
            ProxyFor = _ => proxy.Url(),
        });
        var (_, body) = await requester.GetTextAsync(Url.Parse("https://a.test/"));
        Assert.Equal("a.test", body);
        Assert.Equal(1, _connections);
    }

    [Fact]
    public async Task A_redirect_from_http_to_https_is_followed()
    {
        using var plain = new TestServer(exchange =>
        {
            exchange.Response.Status = 301;
            exchange.Response.Headers.Add(KnownHeader.Location, System.Text.Encoding.ASCII.GetBytes(_server.Url("/x").Href));
            return exchange.CompleteAsync();
        });
        using var requester = new HttpRequester(new RequesterOptions { Tls = _client });
        var (_, body) = await requester.GetTextAsync(plain.Url());
        Assert.Equal(_server.Endpoint.ToString(), body);
    }

    private static async Task Relay(Duplex tunnel, Endpoint to)
    {
        await using var target = await Gatehouse.Net.Transports.NetClient.ConnectAsync(to);
        var there = Task.Run(async () =>
        {
            var buffer = new byte[4096];
            while (await tunnel.ReadAsync(buffer) is var count and > 0)
                await target.WriteAsync(buffer.AsMemory(0, count));
        });
        var buffer = new byte[4096];
        while (await target.ReadAsync(buffer) is var count and > 0)
            await tunnel.WriteAsync(buffer.AsMemory(0, count));
        await there;
    }
}
