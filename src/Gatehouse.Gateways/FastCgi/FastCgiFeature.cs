using Gatehouse.Edge.Routing;
using Gatehouse.Gateways.Peers;
using Gatehouse.Gateways.Supervision;
using Gatehouse.Http;
using Gatehouse.Upstreams;

namespace Gatehouse.Gateways.FastCgi;

/// <summary><c>fastcgi</c>: lets FastCGI servers (php-fpm and others) answer.</summary>
public sealed class FastCgiFeature() : HandlerFeature<FastCgiConfig>("fastcgi", "Let a FastCGI server, such as php-fpm, answer")
{
    /// <inheritdoc/>
    public override IHandler Build(FastCgiConfig config, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(context);
        var upstream = context.Service<UpstreamRegistry>().Get(new UpstreamConfig
        {
            To = config.Spawn is { } spawn ? [new TargetConfig { Address = PoolOf(spawn, config, context).Endpoint }] : config.To,
            Balance = config.Balance,
            Timeouts = config.Timeouts,
            Protocol = new FastCgiProtocol(config.Keep),
        });
        return new FastCgiHandler(upstream, new PeerRules(config, context), config.Keep > 0);
    }

    private static SpawnedPool PoolOf(SpawnConfig spawn, FastCgiConfig config, FeatureContext context)
    {
        var folder = spawn.Folder?.Value ?? config.Root?.Value ?? context.Folder;
        var pools = context.Service<ProcessPools>();
        var settings = string.Join('\0', [folder, $"{spawn.Processes}", .. spawn.Command, .. spawn.Env.Select(entry => $"{entry.Key}={entry.Value}")]);
        return pools.Get(settings, reactor => new SpawnedPool(spawn, folder, reactor, pools.Log));
    }
}
