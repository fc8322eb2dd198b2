using Gatehouse.Net.Names;
using Gatehouse.Net.Reactors;
using Gatehouse.Upstreams.Discovery;
using Gatehouse.Upstreams.Policies;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Upstreams;

/// <summary>
/// The live upstreams of a running server, by their settings: a new configuration that has the same group gets the same object, with its connections,
/// counters and health. A change of configuration is <see cref="Begin"/>, any number of <see cref="Get"/>, then <see cref="Commit"/> or <see cref="Abandon"/>;
/// one at a time, on any one thread.
/// </summary>
public sealed class UpstreamRegistry(IReadOnlyList<Reactor> reactors) : IDisposable
{
    private readonly Dictionary<UpstreamConfig, Upstream> _live = new(new BySettings());
    private readonly Dictionary<UpstreamConfig, Upstream> _next = new(new BySettings());

    /// <summary>Who is asked for the names of targets; called on the first reactor, and may be replaced at any time.</summary>
    public Func<INameResolver> Resolver { get; set; } = static () => SystemNameResolver.Instance;

    /// <summary>Takes a sentence about names that are not found, from any thread.</summary>
    public Action<string> Report { get; init; } = static _ => { };

    /// <summary>The live upstreams; a snapshot for status and metrics.</summary>
    public IReadOnlyList<Upstream> All
    {
        get
        {
            lock (_live)
                return [.. _live.Values];
        }
    }

    /// <summary>Starts a change.</summary>
    public void Begin() => _next.Clear();

    /// <summary>The upstream of these settings: the live one, or a new one that lives from <see cref="Commit"/> on.</summary>
    public Upstream Get(UpstreamConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (!_next.TryGetValue(config, out var upstream))
        {
            if (!_live.TryGetValue(config, out upstream))
                upstream = Create(config);
            _next.Add(config, upstream);
        }
        return upstream;
    }

    /// <summary>The new configuration is in force: starts what it brought, and ends what it no longer has.</summary>
    public void Commit()
    {
        lock (_live)
        {
            foreach (var (config, upstream) in _live)
            {
                if (!_next.ContainsKey(config))
                    upstream.Dispose();
            }
            foreach (var (config, upstream) in _next)
            {
                if (!_live.ContainsKey(config))
                    upstream.Start(reactors[0]);
            }
            _live.Clear();
            foreach (var (config, upstream) in _next)
                _live.Add(config, upstream);
        }
        _next.Clear();
    }

    /// <summary>The new configuration is not used: forgets what only it had.</summary>
    public void Abandon() => _next.Clear();

    /// <summary>Ends all.</summary>
    public void Dispose()
    {
        foreach (var upstream in All)
            upstream.Dispose();
    }

    private Upstream Create(UpstreamConfig config)
    {
        var factory = new TargetFactory(config, reactors.Count);
        if (!config.To.Any(static target => target.Address.Name.Length > 0))
        {
            Target[] targets = [.. config.To.Select(target => factory.Make(new FoundTarget(target, target.Address.Endpoint, target.Weight)))];
            return new Upstream(targets, BalancingPolicies.Create(config.Balance, targets), config.Health);
        }
        var upstream = new Upstream(config.Health);
        upstream.Follow(new NameFollower(reactors[0], config.To, () => Resolver(), found => factory.Apply(found, upstream), Report));
        return upstream;
    }

    private sealed class BySettings : IEqualityComparer<UpstreamConfig>
    {
        public bool Equals(UpstreamConfig? x, UpstreamConfig? y) => ReferenceEquals(x, y) || (x is not null && y is not null && UpstreamConfig.AreEqual(x, y));

        public int GetHashCode(UpstreamConfig obj) => UpstreamConfig.HashOf(obj);
    }
}
