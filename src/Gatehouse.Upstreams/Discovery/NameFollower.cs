using Gatehouse.Net.Names;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Upstreams.Discovery;

/// <summary>
/// Follows the names of a group's targets: asks again when their time is over, and tells what they stand for. When nobody answers, what is known stays, and it
/// asks again soon. On one reactor.
/// </summary>
internal sealed class NameFollower : ITimerTarget, IReactorWork
{
    // Where a time to live is not told, as by getaddrinfo(3); and not so often that a time of zero is a load.
    private static readonly TimeSpan UnknownTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Reactor _reactor;
    private readonly IReadOnlyList<TargetConfig> _configs;
    private readonly Func<INameResolver> _resolver;
    private readonly Action<IReadOnlyList<FoundTarget>> _found;
    private readonly Action<string> _report;
    private readonly IReadOnlyList<FoundTarget>?[] _known;
    private readonly ReactorTimer _timer;
    private bool _isFailing;
    private volatile bool _isStopped;

    internal NameFollower(
        Reactor reactor, IReadOnlyList<TargetConfig> configs, Func<INameResolver> resolver, Action<IReadOnlyList<FoundTarget>> found, Action<string> report)
    {
        _reactor = reactor;
        _configs = configs;
        _resolver = resolver;
        _found = found;
        _report = report;
        _known = new IReadOnlyList<FoundTarget>?[configs.Count];
        _timer = new ReactorTimer(reactor, this);
    }

    internal void Start() => _reactor.TryPost(this);

    internal void Stop()
    {
        _isStopped = true;
        _reactor.TryPost(this);
    }

    void IReactorWork.Run()
    {
        if (_isStopped)
            _timer.Release();
        else
            _ = LookAsync();
    }

    void ITimerTarget.OnTimer() => _ = LookAsync();

    private async Task LookAsync()
    {
        var next = MostTime;
        for (var i = 0; i < _configs.Count; i++)
        {
            var config = _configs[i];
            if (config.Address.Name.Length == 0)
            {
                _known[i] ??= [new FoundTarget(config, config.Address.Endpoint, config.Weight)];
                continue;
            }

            try
            {
                using var limit = new CancellationTokenSource(Patience);
                var (found, time) = config.Address.IsService ? await ServiceAsync(config, limit.Token) : await HostAsync(config, limit.Token);
                _known[i] = found;
                next = Min(next, time == TimeSpan.Zero ? UnknownTime : time);
                Recovered(config);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or NotSupportedException)
            {
                next = Min(next, AfterFailure);
                Failed(config, exception);
            }
        }

        await ReactorSwitch.To(_reactor);
        if (_isStopped)
            return;
        _found([.. _known.SelectMany(static found => found ?? [])]);
        _timer.Arm((long)(next < LeastTime ? LeastTime : next).TotalMilliseconds);
    }

    private async ValueTask<(IReadOnlyList<FoundTarget> Found, TimeSpan Time)> HostAsync(TargetConfig config, CancellationToken cancellation)
    {
        var resolved = await _resolver().ResolveAsync(config.Address.Name, cancellation);
        return ([.. resolved.Addresses.Select(address => new FoundTarget(config, new Endpoint(address, config.Address.Port), config.Weight))], resolved.TimeToLive);
    }

    // The hosts of the lowest priority; the others are for when those are gone, and a resolver that is asked again says when that is.
    private async ValueTask<(IReadOnlyList<FoundTarget> Found, TimeSpan Time)> ServiceAsync(TargetConfig config, CancellationToken cancellation)
    {
        var service = await _resolver().ResolveServiceAsync(config.Address.Name, cancellation);
        if (service.Hosts.Count == 0)
            throw new IOException($"the service '{config.Address.Name}' is offered by nobody");
        var found = new List<FoundTarget>();
        var time = service.TimeToLive;
        foreach (var host in service.Hosts.Where(host => host.Priority == service.Hosts.Min(one => one.Priority)))
        {
            var resolved = await _resolver().ResolveAsync(host.Host, cancellation);
            time = Min(time, resolved.TimeToLive);
            found.AddRange(resolved.Addresses.Select(address => new FoundTarget(config, new Endpoint(address, host.Port), Math.Clamp((int)host.Weight, 1, 100))));
        }

        return (found, time);
    }

    private void Failed(TargetConfig config, Exception exception)
    {
        if (_isFailing || _isStopped)
            return;
        _isFailing = true;
        _report($"the target {config.Address} is not found ({exception.Message}); what is known of it stays in use");
    }

    private void Recovered(TargetConfig config)
    {
        if (!_isFailing)
            return;
        _isFailing = false;
        _report($"the target {config.Address} is found again");
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
