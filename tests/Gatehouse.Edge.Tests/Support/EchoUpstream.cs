using System.Text;
using Gatehouse.Edge.Proxy;
using Gatehouse.Http;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Upstreams;

namespace Gatehouse.Edge.Tests.Support;

/// <summary>An upstream that answers each request with the head that it got, and a proxy to it.</summary>
internal sealed class EchoUpstream : IDisposable
{
    private readonly NetServer _server = NetServer.Start(new Endpoint(IpAddress.FromV4(0x7F000001), 0), ServeAsync);

    /// <summary>A handler that forwards to it.</summary>
    public IHandler Proxy(ReactorGroup reactors) => ProxyTo(reactors, _server.Endpoint);

    /// <summary>A handler that forwards to <paramref name="target"/>.</summary>
    public static IHandler ProxyTo(ReactorGroup reactors, Endpoint target)
    {
        var registry = new UpstreamRegistry(reactors.Reactors);
        registry.Begin();
        var config = new ProxyConfig { To = [new TargetConfig { Address = target }] };
        var proxy = new ProxyFeature().Build(config, Reading.Context(services: new Services(registry)));
        registry.Commit();
        return proxy;
    }

    public void Dispose() => _server.Dispose();

    private static async Task ServeAsync(TransportStream stream)
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        while (true)
        {
            var count = await stream.ReadAsync(buffer.AsMemory(length));
            if (count == 0)
                return;
            length += count;
            if (!buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
                continue;
            var head = buffer.AsMemory(0, length);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n"));
            await stream.WriteAsync(head);
            length = 0;
        }
    }

    private sealed class Services(UpstreamRegistry registry) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(UpstreamRegistry) ? registry : null;
    }
}
