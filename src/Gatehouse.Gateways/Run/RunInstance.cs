using System.Globalization;
using Gatehouse.Gateways.Supervision;
using Gatehouse.Net.Processes;
using Gatehouse.Net.Timers;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Gateways.Run;

/// <summary>One instance of a program: started, asked for until it accepts connections, started again when it ends. On the pool's reactor.</summary>
internal sealed class RunInstance : IProcessEvents, ITransportEvents, ITimerTarget
{
    private const int ProbeEvery = 50;

    private readonly RunPool _pool;
    private readonly ReactorTimer _timer;
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30));
    private WatchedProcess? _process;
    private ProcessOutput? _output;
    private Transport? _probe;
    private long _stopBy;
    private bool _isStopping;

    public RunInstance(RunPool pool, in Endpoint endpoint)
    {
        _pool = pool;
        Endpoint = endpoint;
        _timer = new ReactorTimer(pool.Reactor, this);
    }

    /// <summary>Where it listens.</summary>
    public Endpoint Endpoint { get; }

    /// <summary>True while it accepts connections.</summary>
    public bool IsReady { get; private set; }

    /// <summary>True when its last start failed.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>True while it has no process.</summary>
    public bool IsGone => _process is null;

    /// <summary>Its pid; 0 while it has none.</summary>
    public int ProcessId => _process?.Id ?? 0;

    /// <summary>When it was started.</summary>
    public long StartedAt { get; private set; }

    /// <summary>Starts it.</summary>
    public void Start()
    {
        StartedAt = _pool.Reactor.Now;
        try
        {
            _output = ProcessOutput.Open(_pool.Reactor, _pool.Name, _pool.Log, out var output);
            using (output)
                _process = WatchedProcess.Start(_pool.Reactor, _pool.Describe(Endpoint, output), this);
            _process.EndsGroup = true;
            _output.ProcessId = _process.Id;
        }
        catch (IOException exception)
        {
            _output?.Finish();
            Fail(exception.Message);
            return;
        }
        _timer.Arm(ProbeEvery);
    }

    /// <summary>Asks it to end; with <paramref name="forGood"/> it is not started again.</summary>
    public void Stop(TimeSpan limit, bool forGood)
    {
        _isStopping |= forGood;
        IsReady = false;
        CloseProbe();
        _stopBy = _pool.Reactor.Now + (long)limit.TotalMilliseconds;
        _process?.SignalGroup(Signals.Terminate);
        if (_process is null && forGood)
            _timer.Release();
        else if (_process is not null)
            _timer.Arm(ProbeEvery);
    }

    /// <inheritdoc/>
    public void OnExited(WatchedProcess process, ExitStatus status)
    {
        var wasAsked = _stopBy != 0;
        CloseProbe();
        _output?.Finish();
        _process = null;
        IsReady = false;
        _stopBy = 0;
        if (_isStopping)
        {
            _timer.Release();
            _pool.OnChanged();
            return;
        }
        if (wasAsked)
        {
            Start();
            return;
        }
        if (_pool.Reactor.Now - StartedAt > 10_000)
            _backoff.Succeed();
        Fail($"ended with {status}");
    }

    /// <inheritdoc/>
    public void OnTimer()
    {
        if (_stopBy != 0)
        {
            if (_pool.Reactor.Now >= _stopBy)
                _process?.SignalGroup(Signals.Kill);
            _timer.Arm(ProbeEvery);
            return;
        }
        if (_process is null)
        {
            Start();
            return;
        }
        if (_pool.Reactor.Now - StartedAt > _pool.Config.Start.TotalMilliseconds)
        {
            _pool.Log.Warn($"{_pool.Name}: does not accept connections at {Endpoint} within {_pool.Config.Start.TotalSeconds:0.#} s; it is killed");
            _process.SignalGroup(Signals.Kill);
            return;
        }
        CloseProbe();
        _probe = Connector.Connect(_pool.Reactor, Endpoint, this);
        _timer.Arm(ProbeEvery * 4);
    }

    /// <inheritdoc/>
    public void OnWritable()
    {
        CloseProbe();
        if (_process is null || _stopBy != 0)
            return;
        _timer.Disarm();
        IsReady = true;
        HasFailed = false;
        _pool.OnChanged();
    }

    /// <inheritdoc/>
    public void OnReadable() => OnWritable();

    /// <inheritdoc/>
    public void OnBroken(int errno)
    {
        CloseProbe();
        _timer.Arm(ProbeEvery);
    }

    private void CloseProbe()
    {
        _probe?.Close();
        _probe = null;
    }

    private void Fail(string why)
    {
        HasFailed = true;
        var wait = _backoff.Fail();
        _pool.Log.Warn(string.Create(CultureInfo.InvariantCulture, $"{_pool.Name}: {why}; it is started again in {wait.TotalSeconds:0.#} s"));
        _timer.Arm((long)wait.TotalMilliseconds);
        _pool.OnChanged();
    }
}
