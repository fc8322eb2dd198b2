using Gatehouse.Net.Reactors;

namespace Gatehouse.Http.Client.Origins;

/// <summary>The origins that one requester knows on one reactor. On its thread only, but for <see cref="Close"/>.</summary>
internal sealed class OriginTable(Reactor reactor, RequesterOptions options) : IReactorWork
{
    // A program that visits many hosts has connections to few of them at a time.
    private const int MaxOrigins = 256;

    private readonly Dictionary<OriginKey, Origin> _origins = [];
    private int _sweepAt = MaxOrigins;

    /// <summary>The reactor.</summary>
    public Reactor Reactor => reactor;

    /// <summary>The origin of a key.</summary>
    public Origin Get(OriginKey key)
    {
        if (_origins.TryGetValue(key, out var origin))
            return origin;
        if (_origins.Count >= _sweepAt)
            Sweep();
        origin = new Origin(reactor, key, options);
        _origins.Add(key, origin);
        return origin;
    }

    /// <summary>Closes all connections at rest, and those in use when they come back. From any thread.</summary>
    public void Close()
    {
        if (reactor.IsCurrent)
            CloseNow();
        else
            reactor.TryPost(this);
    }

    void IReactorWork.Run() => CloseNow();

    private void CloseNow()
    {
        foreach (var origin in _origins.Values)
            origin.Close();
    }

    private void Sweep()
    {
        foreach (var (key, origin) in _origins)
        {
            if (origin.IsEmpty)
                _origins.Remove(key);
        }
        // Where most are in use, the next sweep is so far off that the cost for each request stays small.
        _sweepAt = Math.Max(MaxOrigins, _origins.Count * 2);
    }
}
