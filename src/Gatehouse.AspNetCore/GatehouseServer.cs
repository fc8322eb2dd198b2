using Gatehouse.AspNetCore.Addresses;
using Gatehouse.AspNetCore.Requests;
using Gatehouse.Http.Server;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gatehouse.AspNetCore;

/// <summary>ASP.NET Core's server on Gatehouse's engine: reactors, listeners, and a handler that is the application.</summary>
internal sealed class GatehouseServer : IServer
{
    private const string DefaultAddress = "http://localhost:5000";

    private readonly GatehouseServerOptions _options;
    private readonly ILogger _logger;
    private readonly ServerEvents _events;
    private readonly ServerAddressList _addresses = new();
    private readonly ServerCertificates _certificates;
    private readonly CancellationTokenSource _stopping = new();
    private ReactorGroup? _reactors;
    private HttpServer? _server;
    private ServerListeners? _listeners;
    private Task? _stop;

    public GatehouseServer(IOptions<GatehouseServerOptions> options, ILoggerFactory loggers)
    {
        _options = options.Value;
        _logger = loggers.CreateLogger("Gatehouse.AspNetCore");
        _events = new ServerEvents(_logger);
        _certificates = new ServerCertificates(_options, _events);
        Features.Set<IServerAddressesFeature>(_addresses);
    }

    public IFeatureCollection Features { get; } = new FeatureCollection();

    public async Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        if (_reactors is not null)
            throw new InvalidOperationException("The server has been started before.");
        if (_addresses.Addresses.Count == 0)
            _addresses.Addresses.Add(DefaultAddress);
        var addresses = _addresses.Addresses.Select(ServerAddress.Parse).ToList();

        _reactors = ReactorGroup.StartNew(_options.Reactors > 0 ? _options.Reactors : Environment.ProcessorCount);
        try
        {
            var settings = new RequestSettings(_options.RunsInline, _options.AllowSynchronousIO, _logger, _stopping.Token);
            var server = new HttpServer(_reactors.Reactors, new ApplicationHandler<TContext>(application, settings), _options.Limits, _events);
            _server = server;
            Lazy<IConnectionAcceptor> secure = new(() => _certificates.Secure(server, addresses));
            _listeners = new ServerListeners(_reactors.Reactors, server, () => secure.Value);
            _addresses.Addresses.Clear();
            foreach (var address in addresses)
                _addresses.Addresses.Add(_listeners.Open(address));
        }
        catch
        {
            await StopAsync(new CancellationToken(canceled: true));
            throw;
        }
    }

    /// <summary>
    /// Stops accepting, lets requests under way end and closes their connections behind them, and drops those that are left when <paramref name="cancellationToken"/>
    /// says that time is up.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken) => _stop ??= Task.Run(() => StopOnceAsync(cancellationToken), CancellationToken.None);

    public void Dispose() => StopAsync(new CancellationToken(canceled: true)).GetAwaiter().GetResult();

    private async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        _listeners?.Dispose();
        if (_server is { } server && !await server.DrainAsync(Timeout.InfiniteTimeSpan, cancellation: cancellationToken))
        {
            ServerLog.DrainCut(_logger);
            // Those that were dropped end in a turn of their reactor.
            await server.DrainAsync(TimeSpan.FromSeconds(1));
        }
        await _certificates.DisposeAsync();
        _reactors?.Dispose();
    }
}
