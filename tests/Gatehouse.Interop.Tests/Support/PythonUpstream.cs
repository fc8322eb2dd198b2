namespace Gatehouse.Interop.Tests.Support;

/// <summary>Peers/upstream.py on a free port: an upstream in a process of its own, which a test may kill and start again.</summary>
public sealed class PythonUpstream : IDisposable
{
    private readonly string _name;
    private readonly string? _sickFile;
    private PeerProcess _process;

    /// <summary>Starts it under a name that is its answer; while <paramref name="sickFile"/> exists its health check fails.</summary>
    public PythonUpstream(string name, string? sickFile = null)
    {
        _name = name;
        _sickFile = sickFile;
        _process = Run();
    }

    /// <summary>Its port of 127.0.0.1.</summary>
    public int Port { get; } = FreePort.Tcp();

    /// <summary>Its address as a configuration writes it.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        _process.Signal(PosixSignal.Kill);
        _process.WaitForExit(TimeSpan.FromSeconds(10));
    }

    /// <summary>Starts it again on the same port after <see cref="Kill"/>.</summary>
    public void Restart()
    {
        _process.Dispose();
        _process = Run();
    }

    public void Dispose() => _process.Dispose();

    private PeerProcess Run()
    {
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "Peers/upstream.py"), $"{Port}", _name];
        var process = PeerProcess.Start("python3", _sickFile is null ? arguments : [.. arguments, _sickFile]);
        try
        {
            process.WaitForPort(Port);
            return process;
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }
}
