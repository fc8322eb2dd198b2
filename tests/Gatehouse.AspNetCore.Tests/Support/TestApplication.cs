using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Http.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.AspNetCore.Tests.Support;

/// <summary>An application of ASP.NET Core on a server of its kind, at a free port of the loopback, with a client of its own.</summary>
internal sealed class TestApplication : IAsyncDisposable
{
    /// <summary>The kinds of server that a test runs over.</summary>
    public static readonly TheoryData<ServerKind> Kinds = [ServerKind.Kestrel, ServerKind.Pool, ServerKind.Inline];

    /// <summary>The kinds that are ours.</summary>
    public static readonly TheoryData<ServerKind> OurKinds = [ServerKind.Pool, ServerKind.Inline];

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly TempFolder _folder;
    private readonly X509Certificate2? _certificate;

    private TestApplication(WebApplication application, TempFolder folder, bool isSecure, X509Certificate2? certificate, RecordedLog log)
    {
        Application = application;
        _folder = folder;
        _certificate = certificate;
        Log = log;
        Address = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Client = NewClient(isSecure ? HttpVersion.Version20 : HttpVersion.Version11);
    }

    public WebApplication Application { get; }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public RecordedLog Log { get; }

    /// <summary>Starts an application.</summary>
    public static Task<TestApplication> StartAsync(ServerKind kind, Action<WebApplication> configure, Action<WebApplicationBuilder>? build = null) =>
        StartAsync(kind, isSecure: false, configure, build);

    /// <summary>Starts an application, over TLS and with HTTP/2 if asked.</summary>
    public static async Task<TestApplication> StartAsync(
        ServerKind kind, bool isSecure, Action<WebApplication> configure, Action<WebApplicationBuilder>? build = null, ServerLimits? limits = null)
    {
        var folder = new TempFolder();
        folder.Write("wwwroot/.keep", "");
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(TestApplication).Assembly.GetName().Name,
            ContentRootPath = folder.Path,
            WebRootPath = folder["wwwroot"],
            EnvironmentName = "Production",
        });
        var log = new RecordedLog();
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.WebHost.UseUrls(isSecure ? "https://127.0.0.1:0" : "http://127.0.0.1:0");
        X509Certificate2? certificate = null;
        if (kind == ServerKind.Kestrel)
        {
            certificate = isSecure ? KestrelCertificate() : null;
            builder.WebHost.ConfigureKestrel(options => options.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1AndHttp2));
            if (certificate is not null)
                builder.WebHost.ConfigureKestrel(options => options.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate));
        }
        else
        {
            builder.WebHost.UseGatehouse(options =>
            {
                options.RunsInline = kind == ServerKind.Inline;
                options.Reactors = 2;
                options.State = folder["state"];
                options.Limits = limits ?? options.Limits;
            });
        }
        build?.Invoke(builder);
        var application = builder.Build();
        configure(application);
        await application.StartAsync(TestContext.Current.CancellationToken).WaitAsync(Limit);
        return new TestApplication(application, folder, isSecure, certificate, log);
    }

    /// <summary>A client that speaks that version and no other, and believes any certificate.</summary>
    public HttpClient NewClient(Version version, Action<SocketsHttpHandler>? configure = null)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true },
        };
        configure?.Invoke(handler);
        return new HttpClient(handler)
        {
            BaseAddress = Address,
            DefaultRequestVersion = version,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Limit,
        };
    }

    /// <summary>A connection that is written to byte by byte.</summary>
    public RawClient Connect() => RawClient.Connect(Address.Port, timeout: Limit);

    /// <summary>Writes a file below the web root.</summary>
    public string WriteFile(string name, ReadOnlySpan<byte> bytes) => _folder.Write("wwwroot/" + name, bytes);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using var limit = new CancellationTokenSource(Limit);
        await Application.StopAsync(limit.Token);
        await Application.DisposeAsync();
        _certificate?.Dispose();
        _folder.Dispose();
    }

    private static X509Certificate2 KestrelCertificate()
    {
        using var authority = new TestAuthority();
        var (certificate, key) = authority.Issue("localhost", "127.0.0.1");
        return X509Certificate2.CreateFromPem(certificate, key);
    }
}
