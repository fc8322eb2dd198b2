namespace Gatehouse.Interop.Tests.Http2;

/// <summary>Peers/h2_upstream.py on a free port: a server on Debian's python3-h2.</summary>
public sealed class Http2Upstream : IDisposable
{
    /// <summary>Debian's own interpreter, which has its packages.</summary>
    public const string Python = "/usr/bin/python3";

    private readonly PeerProcess _process;

    /// <summary>Starts it, with TLS when it is given a certificate and its key.</summary>
    public Http2Upstream(params string[] tls)
    {
        _process = PeerProcess.Start(Python, [Script("h2_upstream.py"), $"{Port}", .. tls]);
        _process.WaitForPort(Port);
    }

    /// <summary>Its port of 127.0.0.1.</summary>
    public int Port { get; } = FreePort.Tcp();

    /// <summary>Its address as a configuration writes it.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>The path of a script beside the tests.</summary>
    public static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Peers", name);

    public void Dispose() => _process.Dispose();
}
