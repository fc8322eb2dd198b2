using Gatehouse.Edge.Proxy;
using Gatehouse.Edge.Routing;
using Gatehouse.Gateways.Supervision;
using Gatehouse.Http;
using Gatehouse.Upstreams;

namespace Gatehouse.Gateways.Run;

/// <summary><c>run</c>: starts a program that speaks HTTP itself, and forwards requests to it.</summary>
public sealed class RunFeature() : HandlerFeature<RunConfig>("run", "Run a program that speaks HTTP itself and forward requests to it")
{
    /// <inheritdoc/>
    public override IHandler Build(RunConfig config, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(context);
        var pools = context.Service<ProcessPools>();
        var folder = config.Path?.Value ?? context.Folder;
        var settings = string.Join('\n', [
            .. config.Command, folder, $"{config.Instances} {config.Start} {config.Stop}", config.User, config.Group, .. config.Env.Select(entry => $"{entry.Key}={entry.Value}"),
        ]);
        var pool = pools.Get(settings, reactor => new RunPool(config, folder, reactor, pools.Log));
        var proxy = new ProxyFeature().Build(
            new ProxyConfig { To = [.. pool.Endpoints.Select(endpoint => new TargetConfig { Address = endpoint })], Balance = "least-requests", Strip = config.Strip }, context);
        return new RunHandler(pool, proxy);
    }
}
