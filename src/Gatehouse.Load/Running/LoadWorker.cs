using System.Diagnostics;
using Gatehouse.Http.Client;
using Gatehouse.Load.Results;
using Gatehouse.Load.Schedule;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Load.Running;

/// <summary>One thread's part of a run: its connections, its requests, its counts. On its reactor, but for what says otherwise.</summary>
internal sealed class LoadWorker : IReactorWork
{
    private readonly List<LoadConnection> _connections = [];
    private readonly Queue<LoadConnection> _waiting;
    private readonly ArrivalSchedule? _schedule;
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Reactor _reactor;
    private long _left;
    private long _started;
    private int _isTickPosted;

    public LoadWorker(LoadPlan plan, Reactor reactor, int index, int connections)
    {
        Plan = plan;
        _reactor = reactor;
        Pool = new ConnectionPool(reactor, plan.Target, new ClientTimeouts { FirstByte = plan.Patience, Idle = plan.Patience }) { Tls = plan.Tls };
        for (var i = 0; i < connections; i++)
            _connections.Add(new LoadConnection(this));
        _waiting = new Queue<LoadConnection>(connections);
        _schedule = plan.Rate > 0 ? new ArrivalSchedule(plan.Rate, plan.Ramp, index, plan.Threads) : null;
        _left = plan.Requests == 0 ? long.MaxValue : (plan.Requests / plan.Threads) + (index < plan.Requests % plan.Threads ? 1 : 0);
    }

    public LoadPlan Plan { get; }

    public ConnectionPool Pool { get; }

    public LoadRecorder Recorder { get; } = new();

    /// <summary>Where bodies are read to and forgotten.</summary>
    public Memory<byte> Scrap { get; } = new byte[64 * 1024];

    /// <summary>True once no request may begin.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Completes when the last connection has ended. From any thread.</summary>
    public Task Done => _done.Task;

    /// <summary>Starts the connections. From any thread.</summary>
    public void Start(long started) => _reactor.Post(
        _ =>
        {
            _started = started;
            Recorder.Begin(started);
            _ = RunAsync();
        },
        null);

    /// <summary>Has no more requests begin. From any thread.</summary>
    public void Stop() => _reactor.Post(
        _ =>
        {
            if (_schedule is not null && !IsOver && _left > 0)
                Recorder.AddUnfinished(Math.Min(_left, _schedule.Overdue(Stopwatch.GetTimestamp() - _started)));
            IsOver = true;
            while (_waiting.TryDequeue(out var connection))
                connection.Resume();
        },
        null);

    /// <summary>Gives up what is under way. From any thread.</summary>
    public void Abandon() => _reactor.Post(
        _ =>
        {
            foreach (var connection in _connections)
                connection.Abandon();
        },
        null);

    /// <summary>Looks at what is due. From the pacer's thread.</summary>
    public void Tick()
    {
        if (Interlocked.Exchange(ref _isTickPosted, 1) == 0)
            _reactor.Post(this);
    }

    /// <summary>Takes the next request: when it is due, -1 for now.</summary>
    public bool TryTake(out long due)
    {
        due = -1;
        if (IsOver || _left == 0)
            return false;
        _left--;
        if (_schedule is not null)
            due = _started + _schedule.Next();
        return true;
    }

    /// <summary>Resumes a connection when its request is due: they are taken in order, so the first to wait is the first to be due.</summary>
    public void WaitForDue(LoadConnection connection) => _waiting.Enqueue(connection);

    void IReactorWork.Run()
    {
        Volatile.Write(ref _isTickPosted, 0);
        var now = Stopwatch.GetTimestamp();
        while (_waiting.TryPeek(out var connection) && connection.Due <= now)
        {
            _waiting.Dequeue();
            connection.Resume();
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await Task.WhenAll(_connections.Select(connection => connection.RunAsync()).ToList());
            Recorder.End();
            Pool.Close();
            _done.SetResult();
        }
        catch (Exception exception)
        {
            _done.SetException(exception);
        }
    }
}
