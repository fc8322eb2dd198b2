using Gatehouse.Net.Reactors;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Upstreams.Health;

/// <summary>Asks each target of a group for a path now and then. Runs once for the whole server, on one reactor, over connections of its own.</summary>
internal sealed class HealthChecker : IDisposable, IReactorWork
{
    private readonly HealthProbe[] _probes;
    private readonly Reactor _reactor;
    private bool _isStarted;

    public HealthChecker(ReadOnlySpan<Target> targets, HealthConfig config, Reactor reactor)
    {
        _reactor = reactor;
        _probes = new HealthProbe[targets.Length];
        for (var i = 0; i < targets.Length; i++)
            _probes[i] = new HealthProbe(targets[i], config, reactor);
    }

    public void Start() => _reactor.TryPost(this);

    public void Dispose() => _reactor.TryPost(this);

    /// <summary>The first time starts, the second ends.</summary>
    void IReactorWork.Run()
    {
        foreach (var probe in _probes)
        {
            if (_isStarted)
                probe.Stop();
            else
                probe.Start();
        }
        _isStarted = true;
    }
}
