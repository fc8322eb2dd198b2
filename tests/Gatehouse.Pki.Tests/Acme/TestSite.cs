using Gatehouse.Http;
using Gatehouse.Http.Server;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Pki.Tests.Acme;

/// <summary>An HTTP server on the loopback address for a handler.</summary>
internal sealed class TestSite : IDisposable
{
    private readonly ReactorGroup _group = new(1);
    private readonly Listener _listener;

    public TestSite(IHandler handler, Endpoint? endpoint = null)
    {
        _group.Start();
        _listener = Listener.Start(_group.Reactors, endpoint ?? new Endpoint(IpAddress.FromV4(0x7F000001), 0), new HttpServer(_group.Reactors, handler));
    }

    public int Port => _listener.Endpoint.Port;

    public void Dispose()
    {
        _listener.Dispose();
        _group.Dispose();
    }

    /// <summary>404.</summary>
    internal sealed class Nothing : IHandler
    {
        public ValueTask HandleAsync(Exchange exchange)
        {
            exchange.Response.Status = 404;
            return default;
        }
    }
}
