using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.Testing;

namespace Gatehouse.Web.Tests.Examples;

/// <summary>An application of examples/ as a program of its own, on a free port of the loopback address.</summary>
internal sealed partial class ExampleApp : IDisposable
{
    private readonly TempFolder _state = new();
    private readonly PeerProcess _process;

    private ExampleApp(string program, string folder, params string[] arguments)
    {
        _process = PeerProcess.Start(program, ["--listen", "127.0.0.1:0", "--state", _state.Path, .. arguments], folder);
        var deadline = Environment.TickCount64 + 60_000;
        while (Url().Match(_process.Output) is not { Success: true })
        {
            Assert.False(_process.HasExited || Environment.TickCount64 > deadline, _process.Output + _process.Error);
            Thread.Sleep(20);
        }
        Address = new Uri(Url().Match(_process.Output).Value);
        Client = NewClient();
    }

    public Uri Address { get; }

    /// <summary>A browser's client: keeps cookies and follows redirects.</summary>
    public HttpClient Client { get; }

    public string Output => _process.Output;

    public static ExampleApp Start(string name)
    {
        var folder = Path.Combine(Repository.Root, "examples", name, "bin", Configuration, "net10.0");
        return new ExampleApp(Path.Combine(folder, name), folder);
    }

    public static ExampleApp StartProgram(string program) => new(program, Path.GetDirectoryName(program)!);

    public HttpClient NewClient() => new(new SocketsHttpHandler { CookieContainer = new CookieContainer(), UseProxy = false }) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>A client that says what a browser says.</summary>
    public HttpClient NewBrowser()
    {
        var client = NewClient();
        client.DefaultRequestHeaders.Add("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        return client;
    }

    /// <summary>Asks the program to end, and waits.</summary>
    public PeerResult Stop()
    {
        _process.Signal(PosixSignal.Term);
        return _process.WaitForExit(TimeSpan.FromSeconds(60));
    }

    public void Dispose()
    {
        Client.Dispose();
        _process.Dispose();
        _state.Dispose();
    }

    private static string Configuration => AppContext.BaseDirectory.Contains("/Debug/", StringComparison.Ordinal) ? "Debug" : "Release";

    [GeneratedRegex(@"https?://127\.0\.0\.1:\d+/")]
    private static partial Regex Url();
}
