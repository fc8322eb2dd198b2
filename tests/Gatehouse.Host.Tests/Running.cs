using Gatehouse.Testing;

namespace Gatehouse.Host.Tests;

/// <summary>A server with a configuration that tests rewrite while it runs.</summary>
internal sealed class Running : IDisposable
{
    /// <summary>How long one wait may take on a loaded machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempFolder _folder = new();

    public Running(string yaml, params string[] arguments)
    {
        Rewrite(yaml);
        Process = GatehouseProcess.Serve(Port, [File, .. arguments]);
    }

    public int Port { get; } = FreePort.Tcp();

    public TempFolder Folder => _folder;

    public string File => _folder["site.yaml"];

    public GatehouseProcess Process { get; }

    /// <summary>A configuration of one fixed answer.</summary>
    public static string Fixed(string body) => $"sites: [{{routes: [{{match: /*, respond: \"{body}\"}}]}}]";

    /// <summary>Writes the configuration; without a line for it, it listens on <see cref="Port"/>.</summary>
    public void Rewrite(string yaml) => _folder.Write("site.yaml", (yaml.Contains("listen:", StringComparison.Ordinal) ? "" : $"listen: \"127.0.0.1:{Port}\"\n") + yaml + "\n");

    public RawClient Connect() => RawClient.Connect(Port, timeout: Patience);

    public RawResponse Get(string target) => Get(target, Port);

    public static RawResponse Get(string target, int port)
    {
        using var client = RawClient.Connect(port, timeout: Patience);
        client.Send($"GET {target} HTTP/1.1\r\nHost: test.example\r\n\r\n");
        return client.ReadResponse();
    }

    public static bool Accepts(int port)
    {
        try
        {
            RawClient.Connect(port).Dispose();
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    public static void Eventually(Func<bool> condition, string what)
    {
        var until = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 < until, $"Within {Patience.TotalSeconds} s: {what}");
            Thread.Sleep(10);
        }
    }

    public void Dispose()
    {
        Process.Dispose();
        _folder.Dispose();
    }
}
