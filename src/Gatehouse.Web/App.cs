using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Gatehouse.Edge.Files;
using Gatehouse.Edge.Timeouts;
using Gatehouse.Http;
using Gatehouse.Http.Server;
using Gatehouse.Http.Settings;
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
    private readonly List<ITypedSettings> _settings = [];
    private readonly List<StaticFiles> _files = [];
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _starting = new();
    private ServiceProvider? _provider;
    private ILogger? _logger;
    private RouteTable? _table;
    private HttpService? _service;
    private Jobs? _jobs;
    private readonly Lazy<SessionKeeper> _keeper;
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
        _keeper = new Lazy<SessionKeeper>(() => new SessionKeeper(this));
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

    /// <summary>Work that requests begin and do not wait for; done before the application ends.</summary>
    public Jobs Jobs => LazyInitializer.EnsureInitialized(ref _jobs, () => new Jobs(this, Limits.Jobs, Limits.ParallelJobs))!;

    /// <summary>How sessions are kept.</summary>
    public SessionOptions Sessions { get; } = new();

    /// <summary>Other sites (<c>https://app.example.com</c>) whose pages may send unsafe requests.</summary>
    public ISet<string> TrustedOrigins { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The templates in the folder <c>templates</c> below <see cref="Root"/>; set it for another folder.</summary>
    public Templates Templates
    {
        get => field ??= new Templates(Path.Combine(Root, "templates"), IsDevelopment);
        set;
    }

    /// <summary>Where the application logs, under its own name.</summary>
    public ILogger Logger => _logger ??= Provider.GetRequiredService<ILoggerFactory>().CreateLogger("Gatehouse.Web");

    /// <summary>Cancelled when the application is told to stop: for what would go on for long.</summary>
    public CancellationToken Stopping => _stopping.Token;

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

    /// <summary>The keeper of sessions, made when a request first brings or begins one.</summary>
    internal SessionKeeper Keeper => _keeper.Value;

    internal Unrouted Unrouted { get; private set; } = null!;

    internal bool HasStarted => _table is not null;

    /// <summary>
    /// Binds a section of the settings to an object, which handlers then may ask for. It is checked when the application starts: unknown keys, wrong types, and the
    /// attributes of System.ComponentModel.DataAnnotations on it; all faults of all sections are told at once.
    /// </summary>
    /// <param name="section">The section, such as <c>Shop</c> or <c>Shop:Mail</c>.</param>
    public App Configure<T>(string section)
        where T : class
    {
        var typed = new TypedSettings<T>(section, Configuration);
        _settings.Add(typed);
        Services.AddSingleton(_ => typed.Value);
        return this;
    }

    /// <summary>
    /// Lets pages of other sites read the application's answers (CORS), with the user's cookies only when <paramref name="withCookies"/> says so; they may send unsafe
    /// requests too.
    /// </summary>
    /// <param name="withCookies">True to let browsers send cookies.</param>
    /// <param name="origins">The sites: <c>https://app.example.com</c>.</param>
    public App AllowOrigins(bool withCookies, params string[] origins)
    {
        var allowed = origins.ToHashSet(StringComparer.OrdinalIgnoreCase);
        TrustedOrigins.UnionWith(allowed);
        Use(next => new CorsHandler(next, allowed, withCookies));
        return this;
    }

    /// <summary>Serves the files of a folder below a prefix: from memory or by sendfile, with entity tags, ranges, and compressed siblings; nothing outside of the folder.</summary>
    /// <param name="prefix">The prefix, such as <c>/static</c>.</param>
    /// <param name="folder">The folder, below <see cref="Root"/> unless it is an absolute path.</param>
    /// <param name="file">The caller's file.</param>
    /// <param name="line">The caller's line.</param>
    public Route Files(string prefix, string folder = "wwwroot", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        var config = new FilesConfig { Root = new FilePath(Path.GetFullPath(folder, Root)), Strip = prefix.TrimEnd('/') is { Length: > 0 } strip ? strip : null };
        var files = new StaticFiles(config);
        _files.Add(files);
        return Handle(["GET"], $"{prefix.TrimEnd('/')}/{{*path}}", files, file, line).Inline();
    }

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
    public Task StartAsync()
    {
        var service = Prepare();
        Urls = AppListening.Open(this, service);
        foreach (var url in Urls)
            AppLog.Listening(Logger, url);
        return Task.CompletedTask;
    }

    /// <summary>Stops accepting, and waits for requests under way, up to <see cref="AppLimits.DrainTime"/>.</summary>
    public async Task StopAsync()
    {
        _stop.TrySetResult();
        await _stopping.CancelAsync();
        if (_service is not { } service)
            return;
        var isClean = await service.StopAsync(Limits.DrainTime);
        if (_jobs is { } jobs)
            isClean &= await jobs.DrainAsync(Limits.DrainTime);
        if (isClean)
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
        ((IDisposable?)_jobs)?.Dispose();
        _stopping.Dispose();
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
            TypedSettings.Check(_settings, provider);
            var table = new RouteTable();
            foreach (var route in _routes)
                table.Add(Compile(route));
            Unrouted = new Unrouted(this, isInline: !HasWrappers);
            _table = table;
            IHandler handler = new Router(this, table);
            if (Limits.AnswerTime is { } answer)
                handler = new TimeoutsHandler(new TimeoutsConfig { Answer = answer }, handler);
            var logger = _logger ??= provider.GetRequiredService<ILoggerFactory>().CreateLogger("Gatehouse.Web");
            _service = new HttpService(handler, new HttpServiceOptions
            {
                Reactors = Settings.Reactors,
                Limits = Limits.Server,
                Events = new AppEvents(logger),
                CallbackFailed = exception => AppLog.CallbackFailed(logger, exception),
                ReactorHeld = held => AppLog.ReactorHeld(logger, held.TotalMilliseconds),
            });
            foreach (var files in _files)
                files.Open(_service.Reactors);
            return _service;
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
        if (!route.IsCsrfExempt && RouteMethods.MayBeUnsafe(route.Methods))
            handler = new Csrf(handler);
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
