using Gatehouse.Edge.Routing;
using Gatehouse.Gateways.Python;
using Gatehouse.Gateways.Supervision;
using Gatehouse.Http;

namespace Gatehouse.Gateways.Wsgi;

/// <summary><c>wsgi</c>: runs a Python application of PEP 3333.</summary>
public sealed class WsgiFeature() : HandlerFeature<WsgiConfig>("wsgi", "Run a WSGI application (PEP 3333) in Python processes of its own")
{
    /// <inheritdoc/>
    public override IHandler Build(WsgiConfig config, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(context);
        var settings = new PythonSettings("wsgi", config, config.Threads, context.Folder);
        var pools = context.Service<ProcessPools>();
        return new WsgiHandler(pools.Get(settings.Key, reactor => new PythonPool(settings, reactor, pools.ReactorCount, pools.Log)));
    }
}
