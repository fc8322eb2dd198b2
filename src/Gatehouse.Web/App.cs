using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Gatehouse.Edge.Timeouts;
using Gatehouse.Http;
using Gatehouse.Http.Server;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Web;

/// <summary>
/// An application: its routes, services and settings, and its server.
/// <code>
/// var app = new App(args);
/// app.Get("/", () => "Welcome to the machine").Inline();
/// app.Get("/hello/{name}", (string name) => Html.Page($"&lt;h1>Hello, {name}!&lt;/h1>"));
/// app.Run();
/// </code>
/// What it is made of is said before it starts; from then on it is immutable, and shared by all threads.
/// </summary>
public sealed partial class App : RouteGroup, IAsyncDisposable
{
    private readonly List<Route> _routes = [];
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _starting = new();
    private ServiceProvider? _provider;
    private ILogger? _logger;
    private RouteTable? _table;
    private HttpService? _service;
    private bool _isDisposed;

    /// <summary>An application with the settings of appsettings.json, of the environment and of the command line.</summary>
    /// <param name="args">The command line: <c>--listen ADDRESS:PORT</c> and settings like <c>--Section:Name value</c>.</param>
    /// <exception cref="FormatException">The command line cannot be read; the message says why.</exception>
    /// <exception cref="InvalidDataException">A file of settings cannot be read.</exception>
    public App(params string[] args)
        : base(null, "")
    {
        ArgumentNullException.ThrowIfNull(args);
        Settings = AppSettings.Read(args, Assembly.GetEntryAssembly());
        Services.AddSingleton(this);
        Services.AddSingleton<IConfiguration>(Configuration);
    }

    /// <inheritdoc/>
    public override App Application => this;

    /// <summary>The services that handlers may ask for; each request has a scope of its own.</summary>
    public IServiceCollection Services { get; } = new ServiceCollection();

    /// <summary>The settings of appsettings.json, user secrets (in development), environment and command line, the later before the earlier.</summary>
    public IConfigurationManager Configuration => Settings.Configuration;

    /// <summary>True in development: failures show themselves, templates are read again when they change. Production unless GATEHOUSE_ENVIRONMENT (or DOTNET_ENVIRONMENT) or <c>--environment</c> says so.</summary>
    public bool IsDevelopment => Settings.IsDevelopment;

    /// <summary>The folder of templates, static files and settings.</summary>
    public string Root => Settings.Root;

    /// <summary>How values are written and read as JSON.</summary>
    public JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        AllowDuplicateProperties = false,
        Encoder = JavaScriptEncoder.Default,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { JsonRules.Apply } },
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>What requests may cost.</summary>
    public AppLimits Limits { get; } = new();

    /// <summary>The fields that protect the reader of a page.</summary>
    public SecurityHeaders Security { get; } = new();

    /// <summary>Where the application logs, under its own name.</summary>
    public ILogger Logger => _logger ??= Provider.GetRequiredService<ILoggerFactory>().CreateLogger("Gatehouse.Web");

    /// <summary>The addresses that it listens on, with real ports, once it has started.</summary>
    public IReadOnlyList<string> Urls { get; private set; } = [];

    /// <summary>All routes, in the order mapped.</summary>
    public IReadOnlyList<Route> Routes => _routes;

    /// <summary>The services of the whole application; asking for them ends the time in which services may be added.</summary>
    public IServiceProvider Provider
    {
        get
        {
            lock (_starting)
                return _provider ??= BuildProvider();
        }
    }

    internal AppSettings Settings { get; }

    internal Unrouted Unrouted { get; private set; } = null!;

    internal bool HasStarted => _table is not null;

    /// <summary>Serves until the process is told to stop (SIGTERM or SIGINT), then lets requests under way end. A fault at start ends the process with code 1.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Serves until the process is told to stop or <paramref name="stop"/> is cancelled, then lets requests under way end.</summary>
    public async Task RunAsync(CancellationToken stop = default)
    {
        try
        {
            await StartAsync();
        }
        catch (Exception exception) when (exception is RouteException or SettingsException or System.Net.Sockets.SocketException or FormatException or System.Security.Cryptography.CryptographicException)
        {
            AppLog.CannotStart(Logger, exception.Message);
            Environment.ExitCode = 1;
            await DisposeAsync();
            return;
        }
        using (PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal))
        using (PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal))
        using (stop.UnsafeRegister(static state => ((App)state!)._stop.TrySetResult(), this))
            await _stop.Task;
        await StopAsync();
        await DisposeAsync();
    }

    /// <summary>Starts to listen, and returns once clients can connect: for programs that have more to do than to serve.</summary>
    /// <exception cref="RouteException">A route cannot be used, or two are in conflict.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">An address cannot be bound.</exception>
    public async Task StartAsync()
    {
        var service = Prepare();
        Urls = await AppListening.OpenAsync(this, service);
        foreach (var url in Urls)
            AppLog.Listening(Logger, url);
    }

    /// <summary>Stops accepting, and waits for requests under way, up to <see cref="AppLimits.DrainTime"/>.</summary>
    public async Task StopAsync()
    {
        _stop.TrySetResult();
        if (_service is not { } service)
            return;
        if (await service.StopAsync(Limits.DrainTime))
            AppLog.Stopped(Logger);
        else
            AppLog.CutOff(Logger, Limits.DrainTime.TotalSeconds);
    }

    /// <summary>The path of a named route; values that it has no parameter for go into the query.</summary>
    /// <param name="route">The name, given by <see cref="Route.Named"/>.</param>
    /// <param name="values">An object whose properties are the values, or a dictionary.</param>
    /// <exception cref="ArgumentException">There is no such route, or it lacks a value.</exception>
    public string Url(string route, object? values = null)
    {
        Prepare();
        return _table!.Url(route, UrlValues.Of(values));
    }

    /// <summary>Ends the server and the services.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (_service is { } service)
            await service.DisposeAsync();
        if (_provider is { } provider)
            await provider.DisposeAsync();
    }

    internal Route Add(Route route)
    {
        if (HasStarted)
            throw new InvalidOperationException($"The application has started; {route} comes too late.");
        _routes.Add(route);
        return route;
    }

    /// <summary>Makes the application ready: compiles its routes, once. From any thread.</summary>
    internal HttpService Prepare()
    {
        var provider = Provider;
        lock (_starting)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_service is not null)
                return _service;
            var table = new RouteTable();
            foreach (var route in _routes)
                table.Add(Compile(route));
            Unrouted = new Unrouted(this, isInline: !HasWrappers);
            _table = table;
            IHandler handler = new Router(this, table);
            if (Limits.AnswerTime is { } answer)
                handler = new TimeoutsHandler(new TimeoutsConfig { Answer = answer }, handler);
            var logger = _logger ??= provider.GetRequiredService<ILoggerFactory>().CreateLogger("Gatehouse.Web");
            return _service = new HttpService(handler, new HttpServiceOptions
            {
                Reactors = Settings.Reactors,
                Limits = Limits.Server,
                Events = new AppEvents(logger),
                CallbackFailed = exception => AppLog.CallbackFailed(logger, exception),
                ReactorHeld = held => AppLog.ReactorHeld(logger, held.TotalMilliseconds),
            });
        }
    }

    private RouteEndpoint Compile(Route route)
    {
        RoutePattern pattern;
        try
        {
            pattern = RoutePattern.Parse(route.Pattern);
        }
        catch (FormatException exception)
        {
            throw new RouteException($"{route}: {exception.Message}", exception);
        }
        var handler = route.Handler ?? HandlerCompiler.Compile(this, route, pattern);
        return new RouteEndpoint(route, pattern, route.Wrap(handler));
    }

    private ServiceProvider BuildProvider()
    {
        if (!Services.Any(service => service.ServiceType == typeof(ILoggerFactory)))
            AppLogging.Add(Services, Settings);
        return Services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = IsDevelopment });
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        _stop.TrySetResult();
    }
}
