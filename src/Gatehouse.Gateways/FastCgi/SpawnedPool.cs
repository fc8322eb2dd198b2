using System.Collections;
using System.Net.Sockets;
using Gatehouse.Gateways.Supervision;
using Gatehouse.Net.Processes;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Gateways.FastCgi;

/// <summary>
/// The processes of a FastCGI program that was started here. They share a listening Unix socket in a folder that nobody else may enter; one that ends is
/// replaced. They end with this process, whatever ends it.
/// </summary>
internal sealed class SpawnedPool : IProcessPool, IDisposable
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly SpawnConfig _config;
    private readonly string _folder;
    private readonly Reactor _reactor;
    private readonly GatewayLog _log;
    private readonly SpawnedProcess[] _processes;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _socketFolder;
    private Socket? _listener;
    private int _running;
    private bool _isStopping;

    /// <summary>A pool that has started nothing yet, on <paramref name="reactor"/>.</summary>
    public SpawnedPool(SpawnConfig config, string folder, Reactor reactor, GatewayLog log)
    {
        _config = config;
        _folder = folder;
        _reactor = reactor;
        _log = log;
        Name = $"fastcgi {Path.GetFileName(config.Command[0])}";
        // A path of a socket has room for 107 bytes (unix(7)).
        Endpoint = Endpoint.Parse($"unix:{Path.Combine(Path.GetTempPath(), $"gatehouse-fcgi-{Guid.NewGuid():n}"[..30], "socket")}");
        _processes = new SpawnedProcess[config.Processes];
        for (var i = 0; i < _processes.Length; i++)
            _processes[i] = new SpawnedProcess(this, new Backoff(FirstWait, LongestWait));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Where the processes listen.</summary>
    public Endpoint Endpoint { get; }

    /// <summary>The reactor that watches the processes.</summary>
    public Reactor Reactor => _reactor;

    /// <summary>Where it reports.</summary>
    public GatewayLog Log => _log;

    /// <summary>True when nothing shall be started any more.</summary>
    public bool IsStopping => _isStopping;

    /// <inheritdoc/>
    public void Start() => _reactor.Post(static pool => ((SpawnedPool)pool!).Begin(), this);

    /// <inheritdoc/>
    public void ReloadCode() => _reactor.Post(static pool => ((SpawnedPool)pool!).SignalAll(Signals.Terminate), this);

    /// <inheritdoc/>
    public async Task StopAsync(TimeSpan limit)
    {
        _reactor.TryPost(new Call(Stop));
        if (await Task.WhenAny(_ended.Task, Task.Delay(limit)).ConfigureAwait(false) != _ended.Task)
        {
            _reactor.TryPost(new Call(() => SignalAll(Signals.Kill)));
            await Task.WhenAny(_ended.Task, Task.Delay(TimeSpan.FromSeconds(1))).ConfigureAwait(false);
        }
        if (_socketFolder is { } folder && Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ProcessReport>> ReportAsync()
    {
        var done = new TaskCompletionSource<IReadOnlyList<ProcessReport>>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _reactor.TryPost(new Call(() => done.SetResult([.. _processes.Select(process => process.Report())]))) ? await done.Task.ConfigureAwait(false) : [];
    }

    /// <summary>Starts one process. On the reactor.</summary>
    /// <exception cref="IOException">It cannot be started.</exception>
    public WatchedProcess Launch(IProcessEvents events, System.Runtime.InteropServices.SafeHandle output)
    {
        var path = Environment.GetEnvironmentVariable("PATH");
        var program = ProgramPath.Find(_config.Command[0], _folder, path) ?? throw new IOException($"there is no program '{_config.Command[0]}' along PATH ({path})");
        List<string> command = [program, .. _config.Command.Skip(1)];
        // The kernel ends it with the thread that started it, which lives as long as this process.
        if (ProgramPath.Find("setpriv", _folder, path) is { } setpriv)
            command.InsertRange(0, [setpriv, "--pdeathsig", "KILL", "--"]);
        var process = WatchedProcess.Start(_reactor, new ProcessStart
        {
            Program = command[0],
            Arguments = new ArgumentBlock(command),
            Environment = new ArgumentBlock(MakeEnvironment()),
            Folder = _folder,
            Descriptors = [_listener!.SafeHandle, output, output],
        }, events);
        _running++;
        return process;
    }

    /// <summary>A process has ended. On the reactor.</summary>
    public void Ended()
    {
        _running--;
        EndWhenDone();
    }

    /// <summary>Stops listening.</summary>
    public void Dispose() => _listener?.Dispose();

    private void Begin()
    {
        try
        {
            _socketFolder = Path.GetDirectoryName(Endpoint.ToString()["unix:".Length..])!;
            if (!OperatingSystem.IsWindows())
                Directory.CreateDirectory(_socketFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            _listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(_socketFolder, "socket")));
            _listener.Listen(512);
        }
        catch (Exception exception) when (exception is IOException or SocketException or UnauthorizedAccessException)
        {
            _log.Warn($"{Name}: the socket {Endpoint} cannot be made: {exception.Message}");
            return;
        }
        foreach (var process in _processes)
            process.Start();
    }

    private void Stop()
    {
        _isStopping = true;
        SignalAll(Signals.Terminate);
        EndWhenDone();
    }

    private void EndWhenDone()
    {
        if (!_isStopping || _running > 0)
            return;
        Dispose();
        _ended.TrySetResult();
    }

    private void SignalAll(int signal)
    {
        foreach (var process in _processes)
            process.Signal(signal);
    }

    private IEnumerable<string> MakeEnvironment()
    {
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            if (!_config.Env.ContainsKey((string)entry.Key))
                yield return $"{entry.Key}={entry.Value}";
        }
        foreach (var (name, value) in _config.Env)
            yield return $"{name}={value}";
    }

    private sealed class Call(Action action) : IReactorWork
    {
        public void Run() => action();
    }
}
