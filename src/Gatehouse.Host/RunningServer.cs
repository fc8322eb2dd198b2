using System.Diagnostics;
using System.Net.Sockets;
using Gatehouse.Config;
using Gatehouse.Config.Dns;
using Gatehouse.Config.HttpBin;
using Gatehouse.Dns.Cache;
using Gatehouse.Dns.Forwarder;
using Gatehouse.Dns.Forwarder.Settings;
using Gatehouse.Dns.Resolver;
using Gatehouse.Edge.Files;
using Gatehouse.Edge.Logs;
using Gatehouse.Edge.Metrics;
using Gatehouse.Edge.Routing;
using Gatehouse.Edge.Trust;
using Gatehouse.Gateways.Supervision;
using Gatehouse.Host.Admin;
using Gatehouse.Host.Certificates;
using Gatehouse.Host.Model;
using Gatehouse.Host.Names;
using Gatehouse.Host.Tls;
using Gatehouse.Http;
using Gatehouse.Http.Server;
using Gatehouse.Http.Settings;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tls;
using Gatehouse.Net.Transports;
using Gatehouse.Pki.Acme.Server;
using Gatehouse.Pki.Authority;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Http1;
using Gatehouse.Upstreams;

namespace Gatehouse.Host;

/// <summary>
/// The running server: reactors, listeners and live objects, and the configuration in force. A change of configuration is a transaction: everything new
/// is made and bound first, then the handler is replaced in one store, then what is no longer wanted is ended. A fault before the store leaves all as it was.
/// </summary>
public sealed class RunningServer : IAsyncDisposable
{
    private readonly ReactorGroup _reactors;
    private readonly ReactorWatchdog _watchdog;
    private readonly LiveServices _services = new();
    private readonly UpstreamRegistry _upstreams;
    private readonly FileStores _files;
    private readonly ProcessPools _processes;
    private readonly LogSinks _logs;
    private readonly MetricsRegistry _metrics;
    private readonly DnsForwarder _names;
    private DnsResolver? _resolver;
    private ResolverConfig? _resolverConfig;
    private readonly HttpServer _http;
    private readonly HttpServer _admin;
    private readonly IServerLog _log;
    private readonly string _folder;
    private readonly Lock _changes = new();
    private readonly ServerEvents _events;
    private readonly ConnectionFront _front;
    private readonly ConnectionFront _adminFront;
    private readonly TicketKeyFile _ticketKeyFile;
    private TlsTicketKeys? _ticketKeys;
    private Dictionary<ListenAddress, Listener> _listeners = [];
    private Dictionary<ListenAddress, Listener> _adminListeners = [];

    private RunningServer(ServerConfig config, string folder, string state, IServerLog log)
    {
        Config = config;
        _folder = folder;
        _log = log;
        _ticketKeyFile = new TicketKeyFile(state, log);
        _reactors = new ReactorGroup(config.Reactors.Count ?? Environment.ProcessorCount) { CallbackFailed = (reactor, exception) => log.Error($"reactor {reactor.Index}: {exception}") };
        _upstreams = _services.Add(new UpstreamRegistry(_reactors.Reactors) { Report = log.Warn });
        _files = _services.Add(new FileStores(_reactors.Reactors));
        var gateways = _services.Add(new GatewayLog(log.Info, log.Warn));
        _processes = _services.Add(new ProcessPools(_reactors.Reactors, gateways));
        _logs = _services.Add(new LogSinks(log.Warn));
        _metrics = _services.Add(new MetricsRegistry());
        _metrics.Add(new ServerMetrics(this, _logs));
        Certificates = _services.Add(new AutomaticCertificates(new LocalIssuer(state), log, _reactors));
        _services.Add(new AcmeServers(Certificates.Local));
        _services.Add(new InspectedRequests());
        Holds = new ReactorHolds(log, _reactors.Reactors.Count);
        _events = new ServerEvents(log);
        _names = _services.Add(new DnsForwarder(_reactors.Reactors, state, log.Info, log.Warn, _events));
        _metrics.Add(new NameServerMetrics(_names));
        _admin = new HttpServer(_reactors.Reactors, new AdminHandler(this, _metrics), LimitsOf(config), _events);
        _http = new HttpServer(_reactors.Reactors, new RouteList([]), LimitsOf(config), _events);
        _front = new ConnectionFront(_http, _events);
        _adminFront = new ConnectionFront(_admin, _events);
        _watchdog = new ReactorWatchdog(_reactors.Reactors, Holds.Note);
        StartedAt = DateTimeOffset.UtcNow;
    }

    /// <summary>The configuration in force.</summary>
    public ServerConfig Config { get; private set; }

    /// <summary>When the server started.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>How many changes of configuration were applied.</summary>
    public int Generation { get; private set; }

    /// <summary>Client connections open now.</summary>
    public int OpenConnections => _http.OpenConnections;

    /// <summary>The live upstreams.</summary>
    public IReadOnlyList<Upstream> Upstreams => _upstreams.All;

    /// <summary>The processes that run applications.</summary>
    public IReadOnlyList<IProcessPool> Processes => _processes.All;

    /// <summary>The addresses it listens on, with real ports.</summary>
    public IReadOnlyList<(ListenAddress Wanted, Endpoint Bound)> Listening
    {
        get
        {
            lock (_changes)
                return [.. _listeners.Select(pair => (pair.Key, pair.Value.Endpoint))];
        }
    }

    /// <summary>The name server.</summary>
    public DnsForwarder Names => _names;

    /// <summary>The certificates of sites with <c>tls: auto</c>.</summary>
    internal AutomaticCertificates Certificates { get; }

    /// <summary>The reactors, for what runs beside the sites (control socket, admin).</summary>
    internal IReadOnlyList<Reactor> Reactors => _reactors.Reactors;

    /// <summary>Which reactors were held, and by what.</summary>
    internal ReactorHolds Holds { get; }

    /// <summary>Makes a server that serves nothing yet: its reactors run, so that it can be controlled, and <see cref="Open"/> does the rest.</summary>
    /// <param name="config">A configuration without faults.</param>
    /// <param name="folder">The folder of its file.</param>
    /// <param name="state">The state folder, which is its own.</param>
    /// <param name="log">Where it reports.</param>
    public static RunningServer Create(ServerConfig config, string folder, string state, IServerLog log)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(log);
        var server = new RunningServer(config, folder, state, log);
        server._reactors.Start();
        return server;
    }

    /// <summary>Puts the configuration that it was made with in force: it listens and serves.</summary>
    /// <exception cref="ListenException">An address cannot be bound; nothing listens.</exception>
    public void Open() => Apply(Config);

    /// <summary>Puts another configuration in force, or changes nothing.</summary>
    /// <exception cref="ListenException">A new address cannot be bound.</exception>
    /// <exception cref="NotSupportedException">The change needs a new process; the message says which.</exception>
    public void Reload(ServerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.Reactors != Config.Reactors)
            throw new NotSupportedException("'reactors' cannot change while the server runs: restart it");
        Apply(config);
    }

    /// <summary>Opens the files of logs again, after someone has moved them (SIGUSR1).</summary>
    public void ReopenLogs() => _logs.Reopen();

    /// <summary>Has every application run its code as it is now, without losing a request (SIGHUP).</summary>
    public void ReloadCode() => _processes.ReloadCode();

    /// <summary>Stops accepting, lets requests under way end, and closes. True when nothing had to be cut off.</summary>
    public async Task<bool> StopAsync()
    {
        lock (_changes)
        {
            Close(_listeners, except: []);
            Close(_adminListeners, except: []);
            _listeners = _adminListeners = [];
        }
        _names.Dispose();
        var limit = Config.Shutdown;
        var started = Stopwatch.GetTimestamp();
        var isClean = await _http.DrainAsync(limit, _front.SettledAsync()).ConfigureAwait(false);
        _log.Info(isClean
            ? $"stopped; the last connection ended after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s"
            : $"stopped; connections that were still open after {limit.TotalSeconds:0} s were cut off");
        return isClean;
    }

    /// <summary>Ends reactors and live objects.</summary>
    public ValueTask DisposeAsync()
    {
        _watchdog.Dispose();
        _services.Dispose();
        _reactors.Dispose();
        return default;
    }

    private static ServerLimits LimitsOf(ServerConfig config) => new()
    {
        Connections = config.Limits.Connections,
        Head = new Http1Limits
        {
            HeadBytes = (int)config.Limits.Head.Bytes,
            TargetBytes = (int)config.Limits.Target.Bytes,
            Fields = config.Limits.Fields,
            TrailerBytes = (int)config.Limits.Trailers.Bytes,
        },
        HeadTime = config.Timeouts.Head,
        BodyTime = config.Timeouts.Body,
        WriteTime = config.Timeouts.Write,
        KeepAlive = config.Timeouts.Idle,
    };

    private void Apply(ServerConfig config)
    {
        lock (_changes)
        {
            // Logs that left the configuration one change ago: requests that were under way then have ended long since.
            if (Generation > 0)
                _logs.Keep(LogsOf(Config));
            _upstreams.Begin();
            _files.Begin();
            _processes.Begin();
            var opened = new List<Listener>();
            IHandler handler;
            TlsServer? tls;
            Dictionary<ListenAddress, Listener> listeners;
            Dictionary<ListenAddress, Listener> adminListeners;
            try
            {
                // 1. Everything new is made.
                Certificates.Apply(config);
                var certificates = TlsModel.Read(config, Certificates);
                foreach (var warning in certificates.Warnings)
                    _log.Warn(warning);
                tls = certificates.ToServer(ref _ticketKeys, _ticketKeyFile);
                handler = new ModelBuilder(_folder, _services, config.Admin is null ? null : _metrics, certificates).Build(config);
                if (config.Trust.Count > 0)
                    handler = new TrustHandler(config.Trust, handler);
                if (Certificates.UsesAcme)
                    handler = Certificates.Http.Before(handler);
                _front.Prepare(tls);
                _adminFront.Prepare(tls);
                BeginNames(config, certificates.ToNameServer(ref _ticketKeys, _ticketKeyFile));
                listeners = ListenOn(config.Listen, _listeners, address => _front.For(address, config), opened);
                adminListeners = ListenOn(config.Admin?.Listen ?? [], _adminListeners, address => _adminFront.For(address, config), opened);
            }
            catch
            {
                _upstreams.Abandon();
                _files.Abandon();
                _processes.Abandon();
                _names.Abandon();
                if (Generation > 0)
                    Certificates.Apply(Config);
                foreach (var listener in opened)
                    listener.Dispose();
                throw;
            }

            // 2. The change itself: requests whose head is complete after this store see the new configuration.
            _http.Limits = LimitsOf(config);
            _http.Handler = handler;
            _front.Apply(tls, config);
            _adminFront.Apply(tls, config);
            UseResolver(config);
            _upstreams.Commit();
            _files.Commit();
            _processes.Commit();
            _names.Commit();

            // 3. What is no longer wanted ends.
            Close(_listeners, except: listeners);
            Close(_adminListeners, except: adminListeners);
            _listeners = listeners;
            _adminListeners = adminListeners;
            Config = config;
            Generation++;
        }
    }

    private static IEnumerable<LogConfig> LogsOf(ServerConfig config) => config.Sites
        .SelectMany(site => site.Wrappers.Concat(site.Routes.SelectMany(route => route.Wrappers)))
        .Select(use => use.Config).OfType<LogConfig>().Where(log => !log.IsOff)
        .Concat(config.Section<DnsConfig>()?.Log is { } names ? [LogOf(names)] : []);

    private static LogConfig LogOf(FilePath file) => new() { File = LogFile.TryParse(file.Value, out var name, out _) ? name : LogFile.Off };

    // Upstreams that stay ask the new servers from their next question on. What is asked meanwhile of the old ones is answered, or given up.
    private void UseResolver(ServerConfig config)
    {
        var wanted = config.Section<ResolverConfig>() ?? new ResolverConfig();
        if (_resolverConfig is not null && _resolverConfig.Servers.SequenceEqual(wanted.Servers))
            return;
        Interlocked.Exchange(ref _resolver, null)?.Dispose();
        _resolverConfig = wanted;
        // Nothing stale: upstreams keep what they know themselves, and want to hear when servers answer again.
        var options = new ResolverOptions
        {
            Servers = wanted.Servers.Count == 0 ? null : [.. wanted.Servers.Select(server => server.Address)],
            Cache = CacheOptions.Default with { StaleLife = 0 },
        };

        // Made on the first reactor, when there is a name to ask for.
        _upstreams.Resolver = () => _resolver ??= new DnsResolver(_reactors.Reactors[0], options);
    }

    private void BeginNames(ServerConfig config, TlsServer? tls)
    {
        try
        {
            var names = config.Section<DnsConfig>();
            _names.Begin(names is null ? null : new ForwarderSetup(names, tls, names.Log is { } log ? new QueryLog(_logs.Get(LogOf(log))) : null));
        }
        catch (SocketException exception)
        {
            throw new ListenException($"dns: {exception.Message}", exception);
        }
        catch (NotSupportedException exception)
        {
            throw new ListenException($"dns: {exception.Message}", exception);
        }
    }

    private static void Close(Dictionary<ListenAddress, Listener> listeners, Dictionary<ListenAddress, Listener> except)
    {
        foreach (var (address, listener) in listeners)
        {
            if (!except.ContainsKey(address))
                listener.Dispose();
        }
    }

    // The listeners that stand are kept as they are; closing one would reset the connections in its queue.
    private Dictionary<ListenAddress, Listener> ListenOn(
        IReadOnlyList<ListenAddress> addresses, Dictionary<ListenAddress, Listener> standing, Func<ListenAddress, IConnectionAcceptor> acceptorOf, List<Listener> opened)
    {
        var listeners = new Dictionary<ListenAddress, Listener>();
        foreach (var address in addresses)
        {
            if (!standing.TryGetValue(address, out var listener))
                opened.Add(listener = Listen(address, acceptorOf(address)));
            listeners.Add(address, listener);
        }
        return listeners;
    }

    private Listener Listen(ListenAddress address, IConnectionAcceptor acceptor)
    {
        try
        {
            // A client of HTTP speaks first: the kernel keeps a connection until it does.
            return Listener.Start(_reactors.Reactors, address.Endpoint, acceptor, new ListenerOptions { DeferAccept = TimeSpan.FromSeconds(5) });
        }
        catch (SocketException exception)
        {
            throw new ListenException($"cannot listen on {address}: {exception.Message}", exception);
        }
    }
}
