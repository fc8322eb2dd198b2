namespace Gatehouse.Interop.Tests.Gateways;

/// <summary>A configuration of examples/ as it stands, served on a free port.</summary>
internal sealed class Example : IDisposable
{
    /// <summary>Debian's interpreter, which finds Debian's packages.</summary>
    public const string Python = "/usr/bin/python3";

    private readonly GatehouseProcess _process;

    /// <summary>Serves examples/<paramref name="folder"/>/<paramref name="file"/>.</summary>
    public Example(string folder, string file = "gatehouse.yaml", IEnumerable<(string Name, string Value)>? environment = null)
    {
        var variables = new Dictionary<string, string?> { ["PORT"] = $"{Port}", ["PYTHON"] = Python };
        foreach (var (name, value) in environment ?? [])
            variables[name] = value;
        _process = GatehouseProcess.Serve(Port, [Path.Combine(Folder(folder), file)], environment: variables);
    }

    /// <summary>The port that it listens on.</summary>
    public int Port { get; } = FreePort.Tcp();

    /// <summary>The folder of an example.</summary>
    public static string Folder(string name) => Path.Combine(Repository.Root, "examples", name);

    /// <summary>Without a package of Debian the test that asks is skipped, and fails with CI=true.</summary>
    public static void RequirePackage(string name)
    {
        if (Directory.Exists($"/usr/lib/python3/dist-packages/{name}") || File.Exists($"/usr/lib/python3/dist-packages/{name}.py"))
            return;
        var reason = $"This test needs Debian's package python3-{name}.";
        Assert.SkipUnless(Corpora.OnCi, reason);
        Assert.Fail(reason);
    }

    /// <summary>Sends one request and reads its answer.</summary>
    public RawResponse Get(string target, params string[] fields) => Send(Served.Head("GET", target, fields));

    /// <summary>Sends a form.</summary>
    public RawResponse Post(string target, string body, string type = "application/x-www-form-urlencoded", params string[] fields) =>
        Send(Served.Head("POST", target, [.. fields, $"Content-Type: {type}", $"Content-Length: {body.Length}"]) + body);

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();

    private RawResponse Send(string request)
    {
        using var client = RawClient.Connect(Port, timeout: Served.Patience);
        client.Send(request);
        return client.ReadResponse();
    }
}
