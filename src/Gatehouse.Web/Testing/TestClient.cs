using System.Net;

namespace Gatehouse.Web;

/// <summary>
/// A client of an application in the same process, over the whole engine and without a socket: <c>await using var client = new TestClient(app);</c>. Cookies are
/// kept from request to request; redirects are not followed. It ends the application when disposed.
/// </summary>
public sealed class TestClient : HttpClient, IAsyncDisposable
{
    private readonly App _app;

    /// <summary>Makes the application ready.</summary>
    /// <param name="app">The application, not started.</param>
    /// <param name="followRedirects">True to go where answers send the client.</param>
    /// <exception cref="RouteException">A route cannot be used, or two are in conflict.</exception>
    public TestClient(App app, bool followRedirects = false)
        : this(app, new CookieContainer(), followRedirects)
    {
    }

    private TestClient(App app, CookieContainer cookies, bool followRedirects)
        : base(new SocketsHttpHandler
        {
            AllowAutoRedirect = followRedirects,
            CookieContainer = cookies,
            ConnectCallback = async (_, _) => await app.Prepare().ConnectAsync(),
            UseProxy = false,
        })
    {
        ArgumentNullException.ThrowIfNull(app);
        app.Prepare();
        _app = app;
        Cookies = cookies;
        BaseAddress = new Uri("http://localhost/");
        Timeout = TimeSpan.FromSeconds(60);
    }

    /// <summary>The cookies that the client holds.</summary>
    public CookieContainer Cookies { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        await _app.DisposeAsync();
    }
}
