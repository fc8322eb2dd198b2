namespace Gatehouse.HttpBin.Tests;

/// <summary>The original httpbin (Debian's python3-httpbin) behind gunicorn, on a port of the loopback address.</summary>
public sealed class Original : IDisposable
{
    private readonly PeerProcess _process;

    public Original()
    {
        Port = FreePort.Tcp();
        _process = PeerProcess.Start("gunicorn", ["--bind", $"127.0.0.1:{Port}", "--threads", "4", "httpbin:app"]);
        _process.WaitForPort(Port, TimeSpan.FromSeconds(60));
    }

    public int Port { get; }

    public void Dispose() => _process.Dispose();
}
