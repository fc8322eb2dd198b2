using System.Net.Sockets;
using System.Security.Cryptography;
using Gatehouse.Dns.Cache;
using Gatehouse.Dns.Forwarder.Clients;
using Gatehouse.Dns.Forwarder.DnsCrypt;
using Gatehouse.Dns.Forwarder.Fronts;
using Gatehouse.Dns.Forwarder.Names;
using Gatehouse.Dns.Forwarder.Queries;
using Gatehouse.Dns.Forwarder.Settings;
using Gatehouse.Dns.Servers;
using Gatehouse.Http;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tls;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns.Names;
using Gatehouse.Protocols.DnsStamps;

namespace Gatehouse.Dns.Forwarder;

/// <summary>
/// The name server that forwards, live. A change of configuration is a transaction: <see cref="Begin"/> makes and binds all that is new and may fail;
/// then <see cref="Commit"/> puts it in force, or <see cref="Abandon"/> forgets it. Sockets, answers, connections to servers and counters of what did not
/// change stay. Begin, Commit and Abandon from one thread at a time.
/// </summary>
public sealed class DnsForwarder : IDisposable
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    // Tries of one server: several in the time that all servers together may take.
    private const int TriesInTime = 3;

    private readonly IReadOnlyList<Reactor> _reactors;
    private readonly string _state;
    private readonly Action<string> _info;
    private readonly Action<string> _warn;
    private readonly ITlsEvents _tlsEvents;
    private readonly Lock _changes = new();
    private readonly Timer _watch;
    private readonly ulong _seed = (ulong)Random.Shared.NextInt64();
    private readonly OutstandingBudget _budget = new(0);
    private ForwarderSetup? _setup;
    private ForwarderSetup? _next;
    private Lane[] _lanes = [];
    private Lane[] _nextLanes = [];
    private LaneRules[] _nextRules = [];
    private Dictionary<DnsListenAddress, DnsListener> _listeners = [];
    private Dictionary<DnsListenAddress, DnsListener> _nextListeners = [];
    private ProviderKeys? _keys;
    private string? _stampedFor;
    private FileStamps _stamps = FileStamps.None;

    /// <summary>A forwarder that does nothing yet.</summary>
    /// <param name="reactors">The reactors that it runs on.</param>
    /// <param name="state">The folder for DNSCrypt's keys; made when they are needed.</param>
    /// <param name="info">Takes a sentence about what it does.</param>
    /// <param name="warn">Takes a sentence about what is wrong and does not keep it from working.</param>
    /// <param name="tlsEvents">Told of handshakes that failed.</param>
    public DnsForwarder(IReadOnlyList<Reactor> reactors, string state, Action<string> info, Action<string> warn, ITlsEvents tlsEvents)
    {
        _reactors = reactors;
        _state = state;
        _info = info;
        _warn = warn;
        _tlsEvents = tlsEvents;
        _watch = new Timer(static state => ((DnsForwarder)state!).Watch(), this, Timeout.Infinite, Timeout.Infinite);
        Https = new DnsOverHttpsHandler(this);
    }

    /// <summary>Answers DNS over HTTPS; 503 while there is no name server.</summary>
    public IHandler Https { get; }

    /// <summary>True while a name server is configured.</summary>
    public bool IsRunning => _setup is not null;

    /// <summary>What it is bound to, with real ports.</summary>
    public IReadOnlyList<(DnsListenAddress Wanted, Endpoint Bound)> Listening
    {
        get
        {
            lock (_changes)
                return [.. _listeners.Select(pair => (pair.Key, pair.Value.Endpoint))];
        }
    }

    /// <summary>The figures so far; null while there is no name server.</summary>
    public ForwarderFigures? Figures => Volatile.Read(ref _lanes) is { Length: > 0 } lanes ? ForwarderFigures.Of(lanes, _budget.Count) : null;

    /// <summary>Makes all that a configuration needs and that is not there.</summary>
    /// <param name="setup">What it is to be; null for no name server.</param>
    /// <exception cref="SocketException">An address cannot be bound; the message names it.</exception>
    /// <exception cref="NotSupportedException">DNSCrypt is asked for, and there is no libsodium.</exception>
    /// <exception cref="IOException">DNSCrypt's keys cannot be read or written.</exception>
    public void Begin(ForwarderSetup? setup)
    {
        lock (_changes)
        {
            _next = setup;
            _nextListeners = [];
            if (setup is null)
                return;
            _nextLanes = _lanes;
            try
            {
                MakeRules(setup);
                foreach (var address in setup.Config.Listen)
                    _nextListeners.Add(address, _listeners.TryGetValue(address, out var standing) ? standing : Listen(address, setup));
            }
            catch
            {
                Forget();
                throw;
            }
        }
    }

    /// <summary>Puts what was begun in force.</summary>
    public void Commit()
    {
        lock (_changes)
        {
            foreach (var (address, listener) in _listeners)
            {
                if (!_nextListeners.ContainsKey(address))
                    listener.Dispose();
            }

            _listeners = _nextListeners;
            _setup = _next;
            _next = null;
            if (_setup is not { } setup)
            {
                End();
                return;
            }

            _budget.Limit = setup.Config.Limits.Outstanding;
            var limits = LimitsOf(setup.Config);
            foreach (var listener in _listeners.Values)
                listener.Change(limits, setup.Tls);
            Volatile.Write(ref _lanes, _nextLanes);
            for (var i = 0; i < _lanes.Length; i++)
                _lanes[i].Change(_nextRules[i]);
            _stamps = FileStamps.Of(setup.Config);
            _watch.Change(WatchInterval, WatchInterval);
            TellStamps(setup.Config);
        }
    }

    /// <summary>Forgets what was begun.</summary>
    public void Abandon()
    {
        lock (_changes)
            Forget();
    }

    /// <summary>Stops listening and answers all that waits.</summary>
    public void Dispose()
    {
        _watch.Dispose();
        lock (_changes)
        {
            foreach (var listener in _listeners.Values)
                listener.Dispose();
            _listeners = [];
            End();
        }
    }

    internal Lane? LaneOn(Reactor reactor)
    {
        var lanes = Volatile.Read(ref _lanes);
        return reactor.Index < lanes.Length && ReferenceEquals(lanes[reactor.Index].Reactor, reactor) ? lanes[reactor.Index] : null;
    }

    private static StreamLimits LimitsOf(DnsConfig config) => new(config.Limits.Connections, config.Limits.Idle);

    private static CacheOptions OptionsOf(DnsCacheConfig config) => new()
    {
        Names = config.Names,
        Bytes = config.Memory?.Bytes,
        MinLife = Seconds(config.MinTtl),
        MaxLife = Seconds(config.MaxTtl),
        MaxNegativeLife = Seconds(config.MaxNegativeTtl),
        StaleLife = Seconds(config.Stale),
    };

    private static uint Seconds(TimeSpan time) => (uint)time.TotalSeconds;

    private void MakeRules(ForwarderSetup setup)
    {
        var config = setup.Config;
        var before = _lanes.Length > 0 ? _lanes[0].Rules : null;
        var old = _setup?.Config;

        // Answers of other servers are no answers of these.
        var keepsCache = before is not null && old is not null && old.Cache == config.Cache && SameServers(old, config);
        var cache = keepsCache ? before!.Cache : new AnswerCache(OptionsOf(config.Cache));
        var names = NameRules.Read(config, _seed, _warn);
        var block = config.Block.Answer switch { "zero" => BlockAnswer.Zero, "refused" => BlockAnswer.Refused, _ => BlockAnswer.NXDomain };
        var keepsServers = before is not null && old is not null && SameServers(old, config) && old.Timeout == config.Timeout && old.Limits.Outstanding == config.Limits.Outstanding;
        _nextRules = new LaneRules[_reactors.Count];
        for (var i = 0; i < _nextRules.Length; i++)
        {
            var groups = keepsServers ? _lanes[i].Rules.Groups : Groups(_reactors[i], config);
            _nextRules[i] = new LaneRules(names, new ClientRules(config), groups, cache, block, config.Cache.Prefetch, setup.Log);
        }

        if (_lanes.Length == 0)
            _nextLanes = [.. _reactors.Select((reactor, i) => new Lane(reactor, _nextRules[i], _budget, _warn))];
        if (_budget.Limit == 0)
            _budget.Limit = config.Limits.Outstanding;
    }

    private static bool SameServers(DnsConfig one, DnsConfig other) =>
        one.Upstream.SequenceEqual(other.Upstream) && one.Split.Count == other.Split.Count
        && one.Split.Zip(other.Split).All(pair => pair.First.Domains.SequenceEqual(pair.Second.Domains) && pair.First.Upstream.SequenceEqual(pair.Second.Upstream));

    private static UpstreamGroup[] Groups(Reactor reactor, DnsConfig config)
    {
        var options = new ServerOptions { Timeout = config.Timeout / TriesInTime, Attempts = 1, MaxOutstanding = config.Limits.Outstanding };
        return [.. config.Split.Select(split => split.Upstream).Prepend(config.Upstream)
            .Select(servers => new UpstreamGroup(reactor, servers.Select(server => server.Address), options, config.Timeout))];
    }

    private DnsListener Listen(DnsListenAddress address, ForwarderSetup setup)
    {
        Func<DnsCryptService>? crypt = null;
        if (address.Kind == DnsListenKind.DnsCrypt)
        {
            _keys ??= new ProviderKeys(Path.Combine(_state, "dnscrypt"), setup.Config.Dnscrypt.Certificate, TimeProvider.System);
            var (keys, provider) = (_keys, ProviderOf(setup.Config));
            crypt = () => new DnsCryptService(keys, provider);
        }

        return new DnsListener(address, _nextLanes, LimitsOf(setup.Config), setup.Tls, crypt, _tlsEvents);
    }

    private static DnsName ProviderOf(DnsConfig config) =>
        DnsName.Parse(config.Dnscrypt.Provider ?? $"2.dnscrypt-cert.{(DnsName.TryParse(Environment.MachineName.ToLowerInvariant(), out var host, out _) ? host.ToString().TrimEnd('.') : "localhost")}");

    // The text that clients are configured with: address, key and name in one.
    private void TellStamps(DnsConfig config)
    {
        foreach (var (address, listener) in _listeners)
        {
            if (address.Kind != DnsListenKind.DnsCrypt || _keys is null)
                continue;
            var provider = ProviderOf(config).ToString().TrimEnd('.');
            var stamp = new DnsStamp { Kind = DnsStampKind.DnsCrypt, Address = listener.Endpoint.ToString(), ProviderKey = _keys.PublicKey, ProviderName = provider }.ToString();
            if (stamp == _stampedFor)
                continue;
            _stampedFor = stamp;
            _info($"dnscrypt on {listener.Endpoint}, provider {provider}: {stamp}");
        }
    }

    private void Forget()
    {
        foreach (var (address, listener) in _nextListeners)
        {
            if (!_listeners.ContainsKey(address))
                listener.Dispose();
        }

        _nextListeners = [];
        _next = null;
    }

    private void End()
    {
        _watch.Change(Timeout.Infinite, Timeout.Infinite);
        var lanes = _lanes;
        Volatile.Write(ref _lanes, []);
        foreach (var lane in lanes)
            lane.Stop();
    }

    // Once a second, beside the reactors: files with names that have changed are read again, and DNSCrypt's keys renewed.
    private void Watch()
    {
        lock (_changes)
        {
            if (_setup is not { } setup || _lanes.Length == 0)
                return;
            try
            {
                _keys?.Rotate();
                var stamps = FileStamps.Of(setup.Config);
                if (stamps == _stamps)
                    return;
                _stamps = stamps;
                var names = NameRules.Read(setup.Config, _seed, _warn);
                foreach (var lane in _lanes)
                    lane.Change(names);
                _info($"dns: files with names have changed: {names.LocalCount} names are answered here, {names.BlockedCount} are blocked");
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
            {
                _warn($"dns: {exception.Message}");
            }
        }
    }
}
