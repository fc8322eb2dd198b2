using Gatehouse.Http.Server;
using Gatehouse.HttpBin;
using Gatehouse.HttpBin.Inspector;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Tools.Tests.Support;

/// <summary>httpbin on this engine, on a port of the loopback address or a Unix socket.</summary>
public sealed class BinServer : IDisposable
{
    private readonly ReactorGroup _group = new(1);
    private readonly Listener _listener;

    public BinServer()
        : this(null)
    {
    }

    internal BinServer(string? unixPath)
    {
        _group.Start();
        var endpoint = unixPath is null ? new Endpoint(IpAddress.FromV4(0x7F000001), 0) : new Endpoint(unixPath);
        _listener = Listener.Start(_group.Reactors, endpoint, new HttpServer(_group.Reactors, new HttpBinHandler("", new RequestInspector())));
    }

    public int Port => _listener.Endpoint.Port;

    public string Url => $"http://127.0.0.1:{Port}";

    public void Dispose()
    {
        _listener.Dispose();
        _group.Dispose();
    }
}
