using System.Globalization;
using System.Text;
using Gatehouse.Gateways.Supervision;
using Gatehouse.Net.Interop;
using Gatehouse.Net.Processes;
using Gatehouse.Net.Transports;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Gateways.Python;

/// <summary>
/// One generation of an application's code: the process that has imported it, the workers forked from that, and the queue that they share. A reload makes a new
/// one beside it. On the pool's reactor.
/// </summary>
internal sealed class PythonTemplate : ILocalSocketEvents, IProcessEvents
{
    private readonly PythonPool _pool;
    private readonly LocalSocket _control;
    private readonly LocalSocket _queue;
    private readonly SafeFileHandle _queueEnd;
    private readonly ProcessOutput _output;
    private readonly WatchedProcess _process;
    private readonly PythonWorker?[] _slots = new PythonWorker?[PythonSettings.MostWorkers];
    private int _leaves;

    private PythonTemplate(PythonPool pool, string interpreter, bool preload)
    {
        _pool = pool;
        StartedAt = pool.Reactor.Now;
        Preloads = preload;
        Words = new SharedWords(PythonSettings.MostWorkers * pool.Settings.WordsPerWorker);
        _control = LocalSocket.OpenMessages(pool.Reactor, out var control);
        _queue = LocalSocket.OpenMessages(pool.Reactor, out _queueEnd);
        _queue.SetSendRoom(PythonPool.QueueRoom);
        _output = ProcessOutput.Open(pool.Reactor, pool.Name, pool.Log, out var output);
        try
        {
            _process = WatchedProcess.Start(pool.Reactor, new ProcessStart
            {
                Program = interpreter,
                Arguments = new ArgumentBlock([interpreter, Path.Combine(AppContext.BaseDirectory, "Python", "worker.py")]),
                Environment = pool.Settings.MakeEnvironment(),
                Descriptors = [null, output, output, control, _queueEnd, Words.Descriptor],
            }, this);
        }
        catch
        {
            _output.Finish();
            Free();
            throw;
        }
        finally
        {
            control.Dispose();
            output.Dispose();
        }
        _output.ProcessId = _process.Id;
        _control.Events = this;
        _control.Watch();
        _queue.Events = new QueueEvents(pool);
        _control.Send(pool.Settings.Describe(preload));
    }

    /// <summary>Words that the workers share with this process.</summary>
    public SharedWords Words { get; }

    /// <summary>The workers that are there.</summary>
    public List<PythonWorker> Workers { get; } = [];

    /// <summary>True when it imports the application before it forks.</summary>
    public bool Preloads { get; }

    /// <summary>True once the application is imported and workers can be forked.</summary>
    public bool IsReady { get; private set; }

    /// <summary>True once its process has ended.</summary>
    public bool IsGone { get; private set; }

    /// <summary>When it was started.</summary>
    public long StartedAt { get; }

    /// <summary>When it was told to leave; 0 when it was not.</summary>
    public long LeavesSince { get; private set; }

    /// <summary>Requests in its queue or with its workers.</summary>
    public int UnderWay { get; set; }

    /// <summary>Its process's id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Workers that take requests.</summary>
    public int ReadyWorkers
    {
        get
        {
            var count = 0;
            foreach (var worker in Workers)
            {
                if (worker.State == WorkerState.Ready)
                    count++;
            }
            return count;
        }
    }

    /// <summary>Workers that take requests or are about to.</summary>
    public int ActiveWorkers => Workers.Count(worker => worker.State is WorkerState.Ready or WorkerState.Starting);

    /// <summary>Starts a template.</summary>
    /// <exception cref="IOException">The interpreter cannot be started.</exception>
    public static PythonTemplate Start(PythonPool pool, bool preload)
    {
        var interpreter = pool.Settings.FindInterpreter()
            ?? throw new IOException($"there is no Python interpreter '{pool.Settings.Config.Python}', as a file or along PATH");
        return new PythonTemplate(pool, interpreter, preload);
    }

    /// <summary>Puts a message into the queue: Done, or WouldBlock when it is full.</summary>
    public IoResult Enqueue(ReadOnlySpan<byte> message) => _queue.Send(message);

    /// <summary>Takes a message out of the queue that no worker has taken; false when there is none.</summary>
    public bool TryTakeBack(Span<byte> buffer, out int length)
    {
        var result = LocalSocket.TryReceive(_queueEnd, buffer);
        length = result.Count;
        return result.IsDone;
    }

    /// <summary>Has one more worker forked. False when there is no room for it.</summary>
    public bool Fork(int limit)
    {
        var slot = Array.IndexOf(_slots, null);
        if (slot < 0 || IsGone)
            return false;
        var worker = new PythonWorker(_pool, this, slot, out var channel, out var output);
        _slots[slot] = worker;
        Workers.Add(worker);
        var sent = _control.Send(Encoding.ASCII.GetBytes($"fork {slot} {limit}"), default, channel, output);
        channel.Dispose();
        output.Dispose();
        if (sent.IsDone)
            return true;
        worker.End();
        return false;
    }

    /// <summary>Has one worker leave, whichever takes the message.</summary>
    public void LeaveOne()
    {
        _leaves += _pool.Settings.LeavesPerWorker;
        SendLeaves();
    }

    /// <summary>Takes back messages to leave that were taken out of the queue.</summary>
    public void ReturnLeaves(int count)
    {
        _leaves += count;
        SendLeaves();
    }

    /// <summary>Has every worker leave after what is in the queue.</summary>
    public void LeaveAll(long now)
    {
        if (LeavesSince != 0)
            return;
        LeavesSince = Math.Max(now, 1);
        _leaves += Workers.Count * _pool.Settings.LeavesPerWorker;
        SendLeaves();
        EndWhenEmpty();
    }

    /// <summary>Sends what could not be sent while the queue was full.</summary>
    public void SendLeaves()
    {
        // None, in the codes of marshal.
        while (_leaves > 0 && _queue.Send("N"u8).IsDone)
            _leaves--;
    }

    /// <summary>The worker is gone: its place is free, and the template waits for it.</summary>
    public void Remove(PythonWorker worker)
    {
        _slots[worker.Slot] = null;
        Workers.Remove(worker);
        if (worker.ProcessId > 0 && !IsGone)
            _control.Send(Encoding.ASCII.GetBytes($"reap {worker.ProcessId}"));
        EndWhenEmpty();
    }

    /// <summary>Ends the process when it has been told to leave and its workers are gone: it ends with its control channel.</summary>
    public void EndWhenEmpty()
    {
        if (LeavesSince != 0 && Workers.Count == 0 && !IsGone)
            _control.Dispose();
    }

    /// <summary>Ends the process and its workers by force.</summary>
    public void Kill()
    {
        foreach (var worker in Workers)
            worker.Kill();
        _process.SignalGroup(Signals.Kill);
    }

    /// <inheritdoc/>
    public void OnReceivable()
    {
        var buffer = new byte[4096];
        while (!IsGone && !_control.IsClosed)
        {
            var result = _control.Receive(buffer, out var passed);
            passed?.Dispose();
            if (!result.IsDone)
                return;
            Take(Encoding.UTF8.GetString(buffer, 0, result.Count).Split(' ', 3));
        }
    }

    /// <inheritdoc/>
    public void OnSendable()
    {
    }

    /// <inheritdoc/>
    public void OnExited(WatchedProcess process, ExitStatus status)
    {
        OnReceivable();
        IsGone = true;
        _output.Finish();
        // The kernel ends its workers with it; where it cannot, they are ended here.
        foreach (var worker in Workers.ToArray())
        {
            worker.Kill();
            worker.End();
        }
        _pool.OnTemplateGone(this, status);
        Free();
    }

    private void Take(string[] words)
    {
        switch (words)
        {
            case ["ready"]:
                IsReady = true;
                _pool.OnTemplateReady(this);
                break;
            case ["threads", var count]:
                _pool.OnHasThreads(this, count);
                break;
            case ["forked", var slot, var process] when Slot(slot) is { } worker && Number(process) > 1:
                if (!worker.OnForked(Number(process)))
                    worker.End();
                break;
            case ["nofork", var slot, var why] when Slot(slot) is { } worker:
                _pool.Log.Warn($"{_pool.Name}: no worker can be forked: {why}");
                worker.End();
                break;
            case ["exited", var process, var status]:
                _pool.OnWorkerStatus(Number(process), Number(status));
                break;
            default:
                _pool.Log.Warn($"{_pool.Name}: the template process said something that is not known: {string.Join(' ', words)}");
                Kill();
                break;
        }
    }

    private PythonWorker? Slot(string text) => Number(text) is var slot and >= 0 && slot < _slots.Length ? _slots[slot] : null;

    private static int Number(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private void Free()
    {
        _control.Dispose();
        _queue.Dispose();
        _queueEnd.Dispose();
        Words.Dispose();
    }

    private sealed class QueueEvents(PythonPool pool) : ILocalSocketEvents
    {
        public void OnReceivable()
        {
        }

        public void OnSendable() => pool.OnQueueHasRoom();
    }
}
