using Gatehouse.Net.Reactors;

namespace Gatehouse.Gateways.Supervision;

/// <summary>
/// The pools of a running server, by their settings: a new configuration that has the same application gets the same processes. A change of configuration is
/// <see cref="Begin"/>, any number of <see cref="Get"/>, then <see cref="Commit"/> or <see cref="Abandon"/>; one at a time, on any one thread.
/// </summary>
public sealed class ProcessPools(IReadOnlyList<Reactor> reactors, GatewayLog log) : IDisposable
{
    // For requests that outlive the drain of the server; what is longer is cut off then anyway.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, IProcessPool> _live = [];
    private readonly Dictionary<string, IProcessPool> _next = [];
    private int _made;

    /// <summary>Where pools report.</summary>
    public GatewayLog Log => log;

    /// <summary>How many reactors the server has.</summary>
    public int ReactorCount => reactors.Count;

    /// <summary>The live pools; a snapshot.</summary>
    public IReadOnlyList<IProcessPool> All
    {
        get
        {
            lock (_live)
                return [.. _live.Values];
        }
    }

    /// <summary>Starts a change.</summary>
    public void Begin() => _next.Clear();

    /// <summary>The pool of these settings: the live one, or a new one on a reactor of its turn that lives from <see cref="Commit"/> on.</summary>
    /// <param name="settings">All settings as a text: two pools with the same text are one.</param>
    /// <param name="make">Makes the pool on a reactor.</param>
    public T Get<T>(string settings, Func<Reactor, T> make)
        where T : class, IProcessPool
    {
        ArgumentNullException.ThrowIfNull(make);
        var key = $"{typeof(T).Name}\n{settings}";
        if (!_next.TryGetValue(key, out var pool))
            _next.Add(key, pool = _live.GetValueOrDefault(key) ?? make(reactors[_made++ % reactors.Count]));
        return (T)pool;
    }

    /// <summary>The new configuration is in force: starts what it brought, and ends what it no longer has.</summary>
    public void Commit()
    {
        lock (_live)
        {
            foreach (var (key, pool) in _live)
            {
                if (!_next.ContainsKey(key))
                    _ = pool.StopAsync(StopLimit);
            }
            foreach (var (key, pool) in _next)
            {
                if (!_live.ContainsKey(key))
                    pool.Start();
            }
            _live.Clear();
            foreach (var (key, pool) in _next)
                _live.Add(key, pool);
        }
        _next.Clear();
    }

    /// <summary>The new configuration is not used: forgets what only it had.</summary>
    public void Abandon() => _next.Clear();

    /// <summary>Has every pool run the code as it is now.</summary>
    public void ReloadCode()
    {
        foreach (var pool in All)
            pool.ReloadCode();
    }

    /// <summary>Ends all processes, by force those that do not end in time.</summary>
    public void Dispose()
    {
        var ends = All.Select(pool => pool.StopAsync(StopLimit)).ToArray();
        Task.WaitAll(ends, StopLimit + TimeSpan.FromSeconds(2));
    }
}
