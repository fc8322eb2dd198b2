using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Gatehouse.Gateways.Supervision;
using Gatehouse.Net.Processes;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Gateways.Run;

/// <summary>The instances of a program that speaks HTTP itself. It belongs to one reactor.</summary>
internal sealed class RunPool : IProcessPool
{
    private const string PortMark = "{port}";
    private const string SocketMark = "{socket}";

    private readonly string _folder;
    private readonly string? _socketFolder;
    private readonly RunInstance[] _instances;
    private readonly List<RunHandler.Waiter> _waiters = [];
    private readonly Queue<RunInstance> _restarts = new();
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RunInstance? _restarting;
    private bool _isStopping;
    private volatile bool _isReady;
    private volatile bool _hasFailed;

    /// <summary>Makes a pool and picks where its instances listen.</summary>
    public RunPool(RunConfig config, string folder, Reactor reactor, GatewayLog log)
    {
        Config = config;
        Reactor = reactor;
        Log = log;
        Name = $"run {Path.GetFileName(config.Command[0])}";
        _folder = folder;
        if (config.Command.Any(argument => argument.Contains(SocketMark, StringComparison.Ordinal)))
            _socketFolder = Path.Combine(Path.GetTempPath(), $"gatehouse-run-{Guid.NewGuid():n}");
        Endpoints = [.. Enumerable.Range(0, config.Instances).Select(PickEndpoint)];
        _instances = [.. Endpoints.Select(endpoint => new RunInstance(this, endpoint))];
    }

    /// <summary>What a person wrote.</summary>
    public RunConfig Config { get; }

    /// <summary>The reactor it belongs to.</summary>
    public Reactor Reactor { get; }

    /// <summary>Where it reports.</summary>
    public GatewayLog Log { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Where the instances listen, as long as the pool lives.</summary>
    public IReadOnlyList<Endpoint> Endpoints { get; }

    /// <summary>True while an instance accepts connections. From any thread.</summary>
    public bool IsReady => _isReady;

    /// <inheritdoc/>
    public void Start() => Reactor.Post(
        _ =>
        {
            if (_socketFolder is not null)
                Directory.CreateDirectory(_socketFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            foreach (var instance in _instances)
                instance.Start();
        },
        null);

    /// <inheritdoc/>
    public void ReloadCode() => Reactor.Post(
        _ =>
        {
            foreach (var instance in _instances)
            {
                if (!_restarts.Contains(instance) && !_isStopping)
                    _restarts.Enqueue(instance);
            }
            OnChanged();
        },
        null);

    /// <inheritdoc/>
    public Task StopAsync(TimeSpan limit)
    {
        try
        {
            Reactor.Post(
                _ =>
                {
                    _isStopping = true;
                    foreach (var instance in _instances)
                        instance.Stop(limit < Config.Stop ? limit : Config.Stop, forGood: true);
                    OnChanged();
                },
                null);
        }
        catch (ObjectDisposedException)
        {
            _stopped.TrySetResult();
        }
        return _stopped.Task;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ProcessReport>> ReportAsync()
    {
        var report = new TaskCompletionSource<IReadOnlyList<ProcessReport>>(TaskCreationOptions.RunContinuationsAsynchronously);
        Reactor.Post(
            _ => report.SetResult([.. _instances.Select(instance => new ProcessReport(
                instance.IsReady ? "ready" : instance.IsGone ? "waits" : "starting",
                instance.ProcessId,
                0,
                instance.ProcessId == 0 ? 0 : ProcessMemory.Resident(instance.ProcessId),
                TimeSpan.FromMilliseconds(Reactor.Now - instance.StartedAt),
                null))]),
            null);
        return report.Task;
    }

    /// <summary>Tells <paramref name="waiter"/> when the program is ready, or that it will not be soon. From any thread.</summary>
    public void Tell(RunHandler.Waiter waiter)
    {
        lock (_lock)
        {
            if (!_isReady && !_hasFailed)
            {
                _waiters.Add(waiter);
                return;
            }
        }
        waiter.Set(_isReady);
    }

    /// <summary>An instance is in another state. On the pool's reactor.</summary>
    public void OnChanged()
    {
        lock (_lock)
        {
            _isReady = _instances.Any(instance => instance.IsReady);
            _hasFailed = _isStopping || (_restarting is null && _instances.All(instance => instance.HasFailed && !instance.IsReady));
            if (_isReady || _hasFailed)
            {
                foreach (var waiter in _waiters)
                    waiter.Set(_isReady);
                _waiters.Clear();
            }
        }
        if (_isStopping)
        {
            if (_instances.All(instance => instance.IsGone))
                EndStop();
            return;
        }
        if (_restarting is { IsReady: false, HasFailed: false })
            return;
        _restarting = null;
        if (!_restarts.TryDequeue(out var next))
            return;
        _restarting = next;
        next.Stop(Config.Stop, forGood: false);
        OnChanged();
    }

    /// <summary>What an instance is started with.</summary>
    /// <exception cref="IOException">There is no such program.</exception>
    public ProcessStart Describe(in Endpoint endpoint, SafeFileHandle output)
    {
        var port = endpoint.Port.ToString(CultureInfo.InvariantCulture);
        var socket = endpoint.UnixPath ?? "";
        var entries = new Dictionary<string, string>();
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
            entries[(string)entry.Key] = (string)entry.Value!;
        if (!endpoint.IsUnix)
            entries["PORT"] = port;
        foreach (var (name, value) in Config.Env)
            entries[name] = Fill(value);
        var search = entries.GetValueOrDefault("PATH");
        var command = Config.Command.Select(Fill).ToList();
        var program = ProgramPath.Find(command[0], _folder, search) ?? throw new IOException($"there is no program '{command[0]}', as a file or along PATH");
        if (endpoint.IsUnix)
            File.Delete(socket);
        // setpriv has the kernel end the program when this process ends, whatever ended that; without it only an orderly end does.
        if (ProgramPath.Find("setpriv", _folder, search) is { } wrapper)
        {
            command = [wrapper, "--pdeathsig", "KILL", .. Identity(), "--", program, .. command.Skip(1)];
            program = wrapper;
        }
        else if (Config.User is not null || Config.Group is not null)
        {
            throw new IOException("'user' and 'group' need the program setpriv (util-linux), which is not there");
        }
        return new ProcessStart
        {
            Program = program,
            Arguments = new ArgumentBlock(command),
            Environment = new ArgumentBlock(entries.Select(entry => $"{entry.Key}={entry.Value}")),
            Folder = _folder,
            Descriptors = [null, output, output],
        };

        string Fill(string text) => text.Replace(PortMark, port, StringComparison.Ordinal).Replace(SocketMark, socket, StringComparison.Ordinal);
    }

    private List<string> Identity()
    {
        var options = new List<string>();
        if (Config.User is { } user)
            options.AddRange(["--reuid", user, "--init-groups"]);
        if (Config.Group is { } group)
            options.AddRange(["--regid", group]);
        else if (Config.User is { } named)
            options.AddRange(["--regid", named]);
        return options;
    }

    // A port that nothing holds at the moment, below those that the kernel gives to outgoing connections. It stays the instance's.
    private Endpoint PickEndpoint(int index)
    {
        if (_socketFolder is not null)
            return new Endpoint(Path.Combine(_socketFolder, string.Create(CultureInfo.InvariantCulture, $"{index}.sock")));
        const int First = 20_000;
        const int Last = 32_000;
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return new Endpoint(IpAddress.FromV4(0x7F000001), (ushort)port);
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                continue;
            }
        }
    }

    private void EndStop()
    {
        if (_socketFolder is not null && Directory.Exists(_socketFolder))
            Directory.Delete(_socketFolder, recursive: true);
        _stopped.TrySetResult();
    }
}
