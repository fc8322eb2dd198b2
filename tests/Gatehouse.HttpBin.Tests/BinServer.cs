using Gatehouse.Http.Server;
using Gatehouse.HttpBin.Inspector;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.HttpBin.Tests;

/// <summary>httpbin on a port of the loopback address.</summary>
public sealed class BinServer : IDisposable
{
    private readonly ReactorGroup _group = new(1);
    private readonly Listener _listener;

    public BinServer()
        : this("")
    {
    }

    internal BinServer(string prefix)
    {
        _group.Start();
        var handler = new HttpBinHandler(prefix, new RequestInspector());
        _listener = Listener.Start(_group.Reactors, new Endpoint(IpAddress.FromV4(0x7F000001), 0), new HttpServer(_group.Reactors, handler));
    }

    public int Port => _listener.Endpoint.Port;

    public static RawResponse Send(int port, string method, string target, byte[]? body = null, params string[] fields)
    {
        using var client = RawClient.Connect(port, timeout: TimeSpan.FromSeconds(30));
        var length = body is null || fields.Any(field => field.StartsWith("Transfer-Encoding", StringComparison.Ordinal)) ? [] : new[] { $"Content-Length: {body.Length}" };
        client.Send($"{method} {target} HTTP/1.1\r\nHost: bin.test\r\n{string.Concat(fields.Concat(length).Select(field => field + "\r\n"))}\r\n");
        client.Send(body);
        return client.ReadResponse(toHead: method == "HEAD");
    }

    public RawResponse Send(string method, string target, params string[] fields) => Send(Port, method, target, null, fields);

    public void Dispose()
    {
        _listener.Dispose();
        _group.Dispose();
    }
}
