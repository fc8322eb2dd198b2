using Gatehouse.Edge.Routing;
using Gatehouse.Gateways.Python;
using Gatehouse.Gateways.Supervision;
using Gatehouse.Http;

namespace Gatehouse.Gateways.Asgi;

/// <summary><c>asgi</c>: runs a Python application of ASGI 3.</summary>
public sealed class AsgiFeature() : HandlerFeature<AsgiConfig>("asgi", "Run an ASGI 3 application (HTTP, WebSocket, lifespan) in Python processes of its own")
{
    /// <inheritdoc/>
    public override IHandler Build(AsgiConfig config, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(context);
        var settings = new PythonSettings("asgi", config, config.Concurrency, context.Folder);
        var pools = context.Service<ProcessPools>();
        return new AsgiHandler(pools.Get(settings.Key, reactor => new PythonPool(settings, reactor, pools.ReactorCount, pools.Log)), config);
    }
}
