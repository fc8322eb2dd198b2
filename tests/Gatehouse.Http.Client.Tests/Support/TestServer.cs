using Gatehouse.Http.Server;
using Gatehouse.Http.Urls;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tls;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Http.Client.Tests.Support;

/// <summary>This project's own server on a reactor of its own, with a function as its handler.</summary>
internal sealed class TestServer : IDisposable
{
    private readonly ReactorGroup _group = ReactorGroup.StartNew(1);
    private readonly Listener _listener;
    private readonly string _scheme;

    public TestServer(Func<Exchange, ValueTask> handle, Endpoint? endpoint = null, TlsServer? tls = null)
    {
        Server = new HttpServer(_group.Reactors, new Handler(handle));
        _listener = Listener.Start(_group.Reactors, endpoint ?? new Endpoint(IpAddress.FromV4(0x7F000001), 0), tls is null ? Server : new TlsAcceptor(tls, Server));
        _scheme = tls is null ? "http" : "https";
    }

    public HttpServer Server { get; }

    public Endpoint Endpoint => _listener.Endpoint;

    public Url Url(string path = "/") => Urls.Url.Parse($"{_scheme}://{Endpoint}{path}");

    public void Dispose()
    {
        _listener.Dispose();
        _group.Dispose();
    }

    private sealed class Handler(Func<Exchange, ValueTask> handle) : IHandler
    {
        public ValueTask HandleAsync(Exchange exchange) => handle(exchange);
    }
}
