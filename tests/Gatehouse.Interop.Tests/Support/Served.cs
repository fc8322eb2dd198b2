using System.Text;

namespace Gatehouse.Interop.Tests.Support;

/// <summary>A running `gatehouse serve` on a free loopback port, with a folder of its own for its configuration and files.</summary>
public sealed class Served : IDisposable
{
    private const string FileName = "gatehouse.yaml";

    private Served(int port, TempFolder folder, GatehouseProcess process)
    {
        Port = port;
        Folder = folder;
        Process = process;
    }

    /// <summary>The port it listens on.</summary>
    public int Port { get; }

    /// <summary>The folder of its configuration, where relative paths start.</summary>
    public TempFolder Folder { get; }

    /// <summary>The process.</summary>
    public GatehouseProcess Process { get; }

    /// <summary>Where it answers.</summary>
    public Uri Root => new($"http://127.0.0.1:{Port}/");

    /// <summary>Descriptors that the process has open.</summary>
    public int OpenDescriptors => Directory.GetFileSystemEntries($"/proc/{Process.Id}/fd").Length;

    /// <summary>Starts it with the configuration <paramref name="yaml"/>, which does not say where to listen, after <paramref name="prepare"/> has filled its folder.</summary>
    public static Served Start(string yaml, Action<TempFolder>? prepare = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var folder = new TempFolder();
        try
        {
            prepare?.Invoke(folder);
            var port = FreePort.Tcp();
            folder.Write(FileName, WithListener(port, yaml));
            return new Served(port, folder, GatehouseProcess.Serve(port, [folder[FileName]], environment: environment));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>A configuration of one site that forwards all it gets to <paramref name="targets"/>, with more <paramref name="settings"/> of `proxy` behind a comma.</summary>
    public static string Proxy(string targets, string settings = "") => $$$"""
        sites:
          - routes:
              - {match: /*, proxy: {to: [{{{targets}}}]{{{(settings.Length > 0 ? ", " : "")}}}{{{settings}}}}}
        """;

    /// <summary>Replaces the configuration, which comes into force with the next reload.</summary>
    public void Rewrite(string yaml) => Folder.Write(FileName, WithListener(Port, yaml));

    /// <summary>Puts another configuration in force and asserts that it was accepted. Over the control socket without a further process: a test may want many.</summary>
    public void Reload(string yaml)
    {
        Rewrite(yaml);
        using var control = RawClient.ConnectUnix(Path.Combine(Process.State, "control.sock"), Patience);
        control.Send("POST /reload HTTP/1.1\r\nHost: gatehouse\r\nContent-Length: 0\r\n\r\n");
        var answer = control.ReadResponse();
        Assert.True(answer.Status == 200, answer.Text);
    }

    /// <summary>Connects a client that speaks raw bytes.</summary>
    public RawClient Connect(TimeSpan? timeout = null) => RawClient.Connect(Port, timeout: timeout ?? Patience);

    /// <summary>Sends one request and reads its answer.</summary>
    public RawResponse Get(string target, params string[] fields) => Request("GET", target, fields);

    /// <summary>Sends one request without a body and reads its answer.</summary>
    public RawResponse Request(string method, string target, params string[] fields)
    {
        using var client = Connect();
        client.Send(Head(method, target, fields));
        return client.ReadResponse(toHead: method == "HEAD");
    }

    /// <summary>Sends one request with a body of known length and reads its answer.</summary>
    public RawResponse Send(string method, string target, ReadOnlySpan<byte> body, params string[] fields)
    {
        using var client = Connect();
        client.Send(Head(method, target, [.. fields, $"Content-Length: {body.Length}"]));
        client.Send(body);
        return client.ReadResponse();
    }

    /// <summary>The head of a request for this server.</summary>
    public static string Head(string method, string target, params string[] fields)
    {
        var head = new StringBuilder($"{method} {target} HTTP/1.1\r\nHost: test.example\r\n");
        foreach (var field in fields) head.Append(field).Append("\r\n");
        return head.Append("\r\n").ToString();
    }

    /// <summary>How long one wait may take on a loaded machine.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Waits until <paramref name="condition"/> holds, and fails the test when it does not within <paramref name="limit"/> (default <see cref="Patience"/>).</summary>
    public static void Eventually(Func<bool> condition, string what, TimeSpan? limit = null)
    {
        var until = Environment.TickCount64 + (long)(limit ?? Patience).TotalMilliseconds;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 < until, $"Within {(limit ?? Patience).TotalSeconds} s: {what}");
            Thread.Sleep(10);
        }
    }

    /// <summary>Ends the process and removes its folder.</summary>
    public void Dispose()
    {
        Process.Dispose();
        Folder.Dispose();
    }

    private static string WithListener(int port, string yaml) => $"listen: [\"127.0.0.1:{port}\"]\n{yaml}\n";
}
