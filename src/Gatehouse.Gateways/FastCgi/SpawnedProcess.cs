using Gatehouse.Gateways.Supervision;
using Gatehouse.Net.Processes;
using Gatehouse.Net.Timers;

namespace Gatehouse.Gateways.FastCgi;

/// <summary>One place of a <see cref="SpawnedPool"/>: the process in it now, and when the next is started. On the pool's reactor.</summary>
internal sealed class SpawnedProcess : IProcessEvents, ITimerTarget
{
    // Who lives that long was no failed start.
    private const long ShortLife = 1000;

    private readonly SpawnedPool _pool;
    private readonly Backoff _backoff;
    private readonly ReactorTimer _timer;
    private WatchedProcess? _process;
    private ProcessOutput? _output;
    private long _startedAt;

    public SpawnedProcess(SpawnedPool pool, Backoff backoff)
    {
        _pool = pool;
        _backoff = backoff;
        _timer = new ReactorTimer(pool.Reactor, this);
    }

    /// <summary>Starts a process here, now or later.</summary>
    public void Start()
    {
        if (_pool.IsStopping)
            return;
        _startedAt = _pool.Reactor.Now;
        var output = ProcessOutput.Open(_pool.Reactor, _pool.Name, _pool.Log, out var other);
        try
        {
            _process = _pool.Launch(this, other);
            output.ProcessId = _process.Id;
            _output = output;
        }
        catch (IOException exception)
        {
            output.Finish();
            var wait = _backoff.Fail();
            _pool.Log.Warn($"{_pool.Name}: {exception.Message}; tried again in {wait.TotalSeconds:0.#} s");
            _timer.Arm((long)wait.TotalMilliseconds);
        }
        finally
        {
            other.Dispose();
        }
    }

    /// <summary>Sends a signal to the process and what it has started.</summary>
    public void Signal(int signal) => _process?.SignalGroup(signal);

    /// <summary>What status says of it.</summary>
    public ProcessReport Report() => new(
        _process is null ? "starting" : "idle", _process?.Id ?? 0, 0, _process is null ? 0 : ProcessMemory.Resident(_process.Id), _process is null ? TimeSpan.Zero : TimeSpan.FromMilliseconds(_pool.Reactor.Now - _startedAt), null);

    /// <inheritdoc/>
    public void OnExited(WatchedProcess process, ExitStatus status)
    {
        _process = null;
        process.Dispose();
        _output?.Finish();
        _output = null;
        _pool.Ended();
        if (_pool.IsStopping)
            return;
        // A program that ends after so many requests, as PHP does, is replaced at once.
        var wait = TimeSpan.Zero;
        if (_pool.Reactor.Now - _startedAt > ShortLife)
            _backoff.Succeed();
        else
            wait = _backoff.Fail();
        if (!status.IsSuccess || wait > TimeSpan.Zero)
            _pool.Log.Warn($"{_pool.Name}: process {process.Id} ended with {status} and is replaced{(wait > TimeSpan.Zero ? $" in {wait.TotalSeconds:0.#} s" : "")}");
        _timer.Arm((long)wait.TotalMilliseconds);
    }

    /// <inheritdoc/>
    public void OnTimer() => Start();
}
