using Gatehouse.Gateways.Supervision;
using Gatehouse.Net.Processes;

namespace Gatehouse.Gateways.Python;

// Starting, replacing and ending of processes.
internal sealed partial class PythonPool
{
    /// <summary>The application is imported.</summary>
    public void OnTemplateReady(PythonTemplate template)
    {
        if (template != _next)
            return;
        for (var i = 0; i < _target; i++)
            template.Fork(RequestLimit());
    }

    /// <summary>The import has left threads behind, which a fork would not take along.</summary>
    public void OnHasThreads(PythonTemplate template, string count)
    {
        Log.Warn($"{Name}: importing the application leaves {count} threads, and a fork would take one along: each worker imports it for itself (as with preload: off)");
        if (template == _next)
            _preloads = false;
    }

    /// <summary>A worker says that it takes requests, or that it takes no more.</summary>
    public void OnWorkerSays(PythonWorker worker, AnswerKind kind)
    {
        if (kind == AnswerKind.Leaving)
        {
            worker.MarkLeaving(Reactor.Now);
            KeepNumber();
            return;
        }
        if (worker.State == WorkerState.Starting)
            worker.State = WorkerState.Ready;
        var template = worker.Template;
        if (template == _next && template.ReadyWorkers >= _target)
            Promote(template);
        else
            Flush();
    }

    /// <summary>A worker has ended: what it ran is settled, and its place is taken by another.</summary>
    public void OnWorkerGone(PythonWorker worker)
    {
        var template = worker.Template;
        if (worker.ProcessId > 0)
            _ended[worker.ProcessId] = worker;
        for (var i = 0; i < Places && template.UnderWay > 0; i++)
        {
            if (_places[i] is { Stage: RequestStage.Sent } request && request.Template == template && (request.Worker == worker || worker.Runs(request.Id)))
                Lose(request);
        }
        // A worker may die between taking a message and writing its number; the scan looks for such.
        _looksForLost |= template.UnderWay > 0;
        template.Remove(worker);
        if (_isStopping)
        {
            EndStop();
            return;
        }
        if (!worker.IsKilled && worker.LeavesSince == 0 && worker.Requests == 0 && Reactor.Now - worker.StartedAt < 10_000)
            OnFailedStart(template);
        else
            KeepNumber();
        if (worker.Requests > 0)
            _backoff.Succeed();
        _scan.Arm(BusyScan);
    }

    /// <summary>The template tells how a worker ended (waitpid(2)).</summary>
    public void OnWorkerStatus(int process, int status)
    {
        if (!_ended.Remove(process, out var worker) || worker.IsKilled)
            return;
        var signal = status & 0x7F;
        var end = signal == 0 ? ExitStatus.OfCode((status >> 8) & 0xFF) : ExitStatus.OfSignal(signal);
        if (!end.IsSuccess && !_isStopping)
            Log.Warn($"{Name}: worker {process} ended with {end}");
    }

    /// <summary>A template has ended: with its workers when it was told to leave, else before its time.</summary>
    public void OnTemplateGone(PythonTemplate template, ExitStatus status)
    {
        TakeBack(template);
        _templates.Remove(template);
        foreach (var request in _places)
        {
            if (request is { Stage: RequestStage.Sent } && request.Template == template)
                Lose(request);
        }
        if (_isStopping)
        {
            EndStop();
            return;
        }
        if (template == _next)
        {
            _next = null;
            if (template.Preloads && !_preloads && status.IsSuccess)
                Retry(TimeSpan.Zero);
            else
                OnFailedStart(template, status);
        }
        else if (template == _current)
        {
            _current = null;
            Log.Warn($"{Name}: the template process {template.ProcessId} ended with {status}, and its workers with it; they are started anew");
            Retry(_backoff.Fail());
        }
    }

    private void Begin()
    {
        if (_isStopping)
            return;
        BeginTemplate();
        if (Settings.Config.Reload == "on-change")
            BeginWatch();
        _scan.Arm(BusyScan);
    }

    private void BeginWatch()
    {
        try
        {
            _watch = FolderWatch.Start(Settings.Path, "*.py", ReloadCode);
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            Log.Warn($"{Name}: changes below {Settings.Path} are not seen: {exception.Message}");
        }
    }

    private void BeginReload()
    {
        if (_isStopping)
            return;
        _preloads = Settings.Config.Preload;
        if (_next is not null)
        {
            // The one that is starting may have read the old code.
            _reloadsAgain = true;
            return;
        }
        BeginTemplate();
        _scan.Arm(BusyScan);
    }

    private void BeginTemplate()
    {
        if (_next is not null || _isStopping)
            return;
        try
        {
            _next = PythonTemplate.Start(this, _preloads);
            _templates.Add(_next);
        }
        catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException)
        {
            Log.Warn($"{Name}: {exception.Message}");
            Fail(exception.Message);
        }
    }

    private void Promote(PythonTemplate template)
    {
        var before = _current;
        (_current, _next, _fault) = (template, null, null);
        _backoff.Succeed();
        if (before is null)
        {
            foreach (var request in _places)
            {
                if (request is not null)
                    request.WaitsSince = Reactor.Now;
            }
        }
        else
        {
            Log.Info($"{Name}: {template.ReadyWorkers} new workers take over");
            before.LeaveAll(Reactor.Now);
        }
        if (_reloadsAgain)
        {
            _reloadsAgain = false;
            BeginTemplate();
        }
        KeepNumber();
        Flush();
    }

    private void OnFailedStart(PythonTemplate template, ExitStatus? status = null)
    {
        if (template == _next || (status is not null && _next is null))
        {
            Log.Warn($"{Name}: the application did not start{(status is { } end ? $" ({end})" : "")}{(_current is null ? "" : "; the workers before go on serving")}");
            if (_next is { } failed)
            {
                _next = null;
                failed.LeaveAll(Reactor.Now);
                failed.Kill();
            }
            if (_reloadsAgain || _current is not null)
            {
                if (_reloadsAgain)
                    Retry(_backoff.Fail());
                _reloadsAgain = false;
                return;
            }
            Fail("the application did not start");
            return;
        }
        // A worker of the code that serves died young.
        if (template == _current)
            _forkAfter = Reactor.Now + (long)_backoff.Fail().TotalMilliseconds;
    }

    // Nothing serves: what waits is refused, and another try comes later.
    private void Fail(string why)
    {
        if (_current is null)
        {
            _fault = why;
            RefuseWaiting();
        }
        Retry(_backoff.Fail());
    }

    private void Retry(TimeSpan wait)
    {
        _retryAt = Math.Max(1, Reactor.Now + (long)wait.TotalMilliseconds);
        _scan.Arm(BusyScan);
    }

    // As many workers as there should be; a pool whose workers die young is held back by the time of the next try.
    private void KeepNumber()
    {
        if (_current is not { IsReady: true, LeavesSince: 0 } template || _isStopping || template.IsGone || Reactor.Now < _forkAfter)
            return;
        while (template.ActiveWorkers < _target && template.Fork(RequestLimit()))
        {
        }
    }

    private int RequestLimit()
    {
        var most = Settings.Config.MaxRequests;
        return most == 0 ? 0 : Math.Max(1, most + Random.Shared.Next(-most / 10, (most / 10) + 1));
    }

    private void BeginStop(TimeSpan limit)
    {
        if (_isStopping)
            return;
        _isStopping = true;
        _stopBy = Reactor.Now + (long)limit.TotalMilliseconds;
        _watch?.Dispose();
        RefuseWaiting();
        foreach (var template in _templates.ToArray())
        {
            template.LeaveAll(Reactor.Now);
            if (!template.IsReady)
                template.Kill();
        }
        _scan.Arm(BusyScan);
        EndStop();
    }

    private void EndStop()
    {
        if (_templates.Count > 0)
            return;
        RefuseWaiting();
        _scan.Release();
        _stopped.TrySetResult();
    }

    private void KillAll()
    {
        foreach (var template in _templates.ToArray())
        {
            if (Reactor.Now < _stopBy + 1000)
            {
                foreach (var worker in template.Workers)
                    worker.Terminate();
            }
            else
            {
                template.Kill();
            }
        }
    }
}
