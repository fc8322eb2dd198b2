using System.Text;
using Gatehouse.Http.Client;
using Gatehouse.Http.Client.Http2;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.ProxyProtocol;

namespace Gatehouse.Upstreams.Targets;

/// <summary>
/// One server that requests can go to, live: its connections on each reactor, its counters, and whether it may be chosen. It survives a reload that does
/// not change it.
/// </summary>
public sealed class Target
{
    private readonly UpstreamProtocol _protocol;
    private readonly IConnectionPool?[] _pools;
    private readonly byte[] _authority;
    private TargetCounters _counters;
    private volatile bool _isHealthy = true;
    private int _isClosed;

    /// <summary>A target at rest.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="weight"/> is less than 1.</exception>
    public Target(string name, Endpoint endpoint, int weight, ClientTimeouts timeouts, int reactors, UpstreamProtocol? protocol = null, string? authority = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(weight, 1);
        Name = name;
        Endpoint = endpoint;
        Weight = weight;
        Timeouts = timeouts;
        _protocol = protocol ?? UpstreamProtocol.Http;
        _pools = new IConnectionPool?[reactors];
        _authority = Encoding.ASCII.GetBytes(authority is not null ? authority : endpoint.IsUnix ? "localhost" : endpoint.ToString());
    }

    /// <summary>As the configuration writes it.</summary>
    public string Name { get; }

    /// <summary>Its name as the value of a Host field: host and port; <c>localhost</c> for a Unix socket.</summary>
    public ReadOnlySpan<byte> Authority => _authority;

    /// <summary>Where its connections go.</summary>
    public Endpoint Endpoint { get; }

    /// <summary>How TLS is spoken there; null for none.</summary>
    public ClientTls? Tls { get; init; }

    /// <summary>How TLS is spoken on connections that may be of HTTP/2, which offer it by ALPN; null for none.</summary>
    internal ClientTls? Http2Tls { get; init; }

    /// <summary>True when this side's own requests (health checks) go over HTTP/2.</summary>
    internal bool IsHttp2 => _protocol.IsHttp2;

    /// <summary>The header that its connections begin with; with one, each connection is for one client's request.</summary>
    public ProxyProtocolVersion ProxyProtocol { get; init; }

    /// <summary>Its share of the requests relative to the others, at least 1.</summary>
    public int Weight { get; }

    /// <summary>Requests under way, on all reactors.</summary>
    public int Active => Volatile.Read(ref _counters.Active);

    /// <summary>Requests sent so far.</summary>
    public long Requests => Volatile.Read(ref _counters.Requests);

    /// <summary>Requests that failed before a response so far.</summary>
    public long Failures => Volatile.Read(ref _counters.Failures);

    /// <summary>What the active health check last said; true without one.</summary>
    public bool IsHealthy
    {
        get => _isHealthy;
        set => _isHealthy = value;
    }

    /// <summary>True when it may be chosen at <paramref name="now"/> (<see cref="Environment.TickCount64"/>): healthy, and not ejected for failing.</summary>
    public bool IsAvailable(long now) => _isHealthy && Volatile.Read(ref _counters.EjectedUntil) <= now;

    /// <summary>The time limits of its connections.</summary>
    public ClientTimeouts Timeouts { get; }

    /// <summary>Its connections on <paramref name="reactor"/>, for a target that speaks HTTP; on that reactor's thread.</summary>
    public ConnectionPool PoolOn(Reactor reactor) => (_pools[reactor.Index] ?? MakePool(reactor)) is NegotiatedPool both ? both.Http1 : PoolOn<ConnectionPool>(reactor);

    /// <summary>Its connections of HTTP/2 on <paramref name="reactor"/>, for a target that speaks that or may; on that reactor's thread.</summary>
    public Http2ConnectionPool Http2PoolOn(Reactor reactor) =>
        (_pools[reactor.Index] ?? MakePool(reactor)) is NegotiatedPool both ? both.Http2 : PoolOn<Http2ConnectionPool>(reactor);

    /// <summary>Its connections on <paramref name="reactor"/>, of the kind that its protocol makes; on that reactor's thread.</summary>
    public TPool PoolOn<TPool>(Reactor reactor)
        where TPool : class, IConnectionPool => (TPool)(_pools[reactor.Index] ?? MakePool(reactor));

    /// <summary>Connections of HTTP/2 to it that are nobody else's.</summary>
    internal Http2ConnectionPool NewHttp2Pool(Reactor reactor, ClientTimeouts timeouts) => new(reactor, Endpoint, timeouts) { Tls = Http2Tls };

    /// <summary>Connections to it that are nobody else's.</summary>
    internal ConnectionPool NewPool(Reactor reactor, ClientTimeouts timeouts) => new(reactor, Endpoint, timeouts) { Tls = Tls };

    /// <summary>A request is about to be sent.</summary>
    public void Begin()
    {
        Interlocked.Increment(ref _counters.Active);
        Interlocked.Increment(ref _counters.Requests);
    }

    /// <summary>The request is over; <paramref name="failed"/> when the target failed it.</summary>
    public void End(bool failed)
    {
        Interlocked.Decrement(ref _counters.Active);
        if (!failed)
        {
            if (Volatile.Read(ref _counters.FailuresInARow) != 0)
                Volatile.Write(ref _counters.FailuresInARow, 0);
            return;
        }
        Interlocked.Increment(ref _counters.Failures);
        Interlocked.Increment(ref _counters.FailuresInARow);
    }

    /// <summary>The request never reached it and is sent anew: it does not count, neither as a success nor as a failure.</summary>
    public void Withdraw()
    {
        Interlocked.Decrement(ref _counters.Active);
        Interlocked.Decrement(ref _counters.Requests);
    }

    /// <summary>Failures since the last success.</summary>
    public int FailuresInARow => Volatile.Read(ref _counters.FailuresInARow);

    /// <summary>Keeps it from being chosen until <paramref name="until"/> (<see cref="Environment.TickCount64"/>).</summary>
    public void Eject(long until)
    {
        Volatile.Write(ref _counters.FailuresInARow, 0);
        Volatile.Write(ref _counters.EjectedUntil, until);
    }

    /// <summary>Closes its connections at rest, now, and those in use when they come back.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
            return;
        foreach (var pool in _pools)
            pool?.Close();
    }

    // A request that began before the target was closed may ask for its pool behind that: it gets one that keeps nothing. Both sides write, with a fence,
    // before they read, so one of them sees the other.
    private IConnectionPool MakePool(Reactor reactor)
    {
        var pool = _protocol.CreatePool(reactor, this);
        Interlocked.Exchange(ref _pools[reactor.Index], pool);
        if (Volatile.Read(ref _isClosed) != 0)
            pool.Close();
        return pool;
    }
}
