using System.Text.Json;

namespace Gatehouse.Interop.Tests.Certificates;

/// <summary>A running `gatehouse serve` whose sites get their certificates by themselves: a plain listener, one for TLS, and a state folder.</summary>
internal sealed class Automatic : IDisposable
{
    private readonly TempFolder _folder = new();

    public Automatic(string yaml, int? port = null, int? tlsPort = null)
    {
        Port = port ?? FreePort.Tcp();
        TlsPort = tlsPort ?? FreePort.Tcp();
        Rewrite(yaml);
        Process = GatehouseProcess.Serve(TlsPort, [_folder["gatehouse.yaml"]]);
    }

    public int Port { get; }

    public int TlsPort { get; }

    public TempFolder Folder => _folder;

    public GatehouseProcess Process { get; }

    /// <summary>The root of its own authority, once it has made one.</summary>
    public string Root => Path.Combine(Process.State, "authority/root.pem");

    public void Rewrite(string yaml) => _folder.Write("gatehouse.yaml", $"listen: [\"127.0.0.1:{Port}\", \"127.0.0.1:{TlsPort} tls\"]\n{yaml}\n");

    /// <summary>The body of what a host answers over TLS, verified against <paramref name="root"/>.</summary>
    public PeerResult Get(string host, string root, params string[] arguments) => PeerProcess.Run(
        "curl", ["-sS", "--cacert", root, "--resolve", $"{host}:{TlsPort}:127.0.0.1", .. arguments, $"https://{host}:{TlsPort}/"]);

    /// <summary>What the status says of the certificate for a name.</summary>
    public JsonElement Status(string name)
    {
        using var json = JsonDocument.Parse(Process.Control("status").Expect().Output);
        return json.RootElement.GetProperty("certificates").EnumerateArray()
            .Single(certificate => certificate.GetProperty("names").EnumerateArray().Any(item => item.GetString() == name)).Clone();
    }

    /// <summary>Waits until the certificate for a name is there; fails with what the status says when it does not come.</summary>
    public JsonElement WaitFor(string name)
    {
        for (var i = 0; i < 300; i++)
        {
            if (Status(name) is var status && status.TryGetProperty("expires", out _))
                return status;
            Thread.Sleep(100);
        }
        Assert.Fail($"no certificate for {name}: {Status(name)}\n{Process.Error}");
        return default;
    }

    public void Dispose()
    {
        Process.Dispose();
        _folder.Dispose();
    }
}
