using Gatehouse.Gateways.Supervision;
using Gatehouse.Net.Timers;

namespace Gatehouse.Gateways.Python;

// What is looked at ten times a second while anything is under way: deadlines, workers that are used up, requests that got lost, the number of workers.
internal sealed partial class PythonPool
{
    void ITimerTarget.OnTimer()
    {
        var now = Reactor.Now;
        foreach (var template in _templates.ToArray())
            Scan(template, now);
        ScanWaiting(now);
        if (_looksForLost || _suspects.Count > 0)
            FindLost();
        Resize();
        if (_retryAt != 0 && now >= _retryAt && !_isStopping)
        {
            _retryAt = 0;
            BeginTemplate();
        }
        if (_isStopping && now >= _stopBy)
            KillAll();
        Flush();
        if (!_isStopping || _templates.Count > 0)
            _scan.Arm(_count > 0 || _isStopping || _retryAt != 0 || _templates.Count > 1 || _next is not null ? BusyScan : IdleScan);
    }

    private void Scan(PythonTemplate template, long now)
    {
        if (!template.IsReady && !template.IsGone && now - template.StartedAt > StartLimit.TotalMilliseconds)
        {
            Log.Warn($"{Name}: importing the application takes longer than {StartLimit.TotalSeconds} s; it is given up");
            template.Kill();
        }
        foreach (var worker in template.Workers.ToArray())
        {
            for (var place = 0; place < Settings.Threads && worker.State != WorkerState.Gone; place++)
                ScanPlace(worker, place, now);
            if (worker.State == WorkerState.Ready && IsUsedUp(worker, now))
                worker.Leave(now);
            else if (worker.State == WorkerState.Starting && now - worker.StartedAt > StartLimit.TotalMilliseconds)
                worker.Kill();
            else if (worker.LeavesSince != 0 && now - worker.LeavesSince > LeaveGrace.TotalMilliseconds + Settings.Config.Timeout.TotalMilliseconds)
                worker.Kill();
        }
        template.SendLeaves();
        KeepNumber();
    }

    private void ScanPlace(PythonWorker worker, int place, long now)
    {
        var id = worker.Mark(place);
        if (worker.IsStuck(place, id, now))
        {
            Log.Warn($"{Name}: worker {worker.ProcessId} is killed: its event loop is held");
            worker.Kill();
            return;
        }
        if (id == 0 || Find(id) is not { } request || request.Stage != RequestStage.Sent)
            return;
        request.Worker ??= worker;
        var since = Math.Max(worker.Since(place, id, now), request.ProgressAt);
        if (request.IsAbandoned)
            worker.Cancel(id);
        if (request is { HasClientEnded: true, IsEndTold: false } && Settings.IsAsync)
        {
            request.IsEndTold = true;
            worker.Send(id, AnswerKind.Ended, default, default);
        }
        if (worker.IsPaused || (Settings.IsAsync && request.HasAnswer) || now - since <= Settings.Config.Timeout.TotalMilliseconds)
            return;
        var what = Settings.IsAsync ? "a request is cancelled" : $"worker {worker.ProcessId} is killed";
        Log.Warn($"{Name}: {what}: {Describe(request)} took longer than {Settings.Config.Timeout.TotalSeconds:0.#} s");
        Settle(request);
        request.Deliver(new AnswerPart(AnswerKind.TimedOut, default, default), null);
        if (Settings.IsAsync)
            worker.CancelOverdue(place, id, now);
        else
            worker.Kill();
    }

    private bool IsUsedUp(PythonWorker worker, long now)
    {
        if (Settings.Config.MaxAge > TimeSpan.Zero && now - worker.StartedAt > Settings.Config.MaxAge.TotalMilliseconds)
            return true;
        return Settings.Config.MaxMemory.Bytes > 0 && worker.ProcessId > 0 && ProcessMemory.Resident(worker.ProcessId) > Settings.Config.MaxMemory.Bytes;
    }

    // Requests that no worker took in time are answered; those of them that are in the queue are taken out of it first, or they would run in vain.
    private void ScanWaiting(long now)
    {
        var isLate = false;
        // While the application starts for the first time nothing could have been taken.
        var late = now - (long)(_current is null ? StartLimit : Settings.Config.Timeout).TotalMilliseconds;
        foreach (var request in _places)
        {
            if (request is null || request.WaitsSince >= late)
                continue;
            if (request.Stage == RequestStage.Waits)
                Refuse(request);
            else if (request is { Worker: null, HasAnswer: false } && !IsRun(request))
                isLate = true;
        }
        if (!isLate)
            return;
        foreach (var template in _templates)
            TakeBack(template);
        foreach (var request in _returned.ToArray())
        {
            if (request.Stage == RequestStage.Waits && request.WaitsSince < late)
                Refuse(request);
        }
        foreach (var request in _places)
        {
            if (request is { Stage: RequestStage.Sent, Worker: null, HasAnswer: false } && request.WaitsSince < late && !IsRun(request))
                Refuse(request);
        }
    }

    private static bool IsRun(PythonRequest request)
    {
        foreach (var worker in request.Template!.Workers)
        {
            if (worker.Runs(request.Id))
                return true;
        }
        return false;
    }

    // What was sent and is neither in the queue nor with a worker was taken by one that died at that moment. A worker that lives writes its number within
    // microseconds, so who is missing at two scans is lost.
    private void FindLost()
    {
        _looksForLost = false;
        foreach (var (request, id) in _suspects)
        {
            if (request.Id == id && request is { Stage: RequestStage.Sent, Worker: null } && !IsRun(request))
                Lose(request);
        }
        _suspects.Clear();
        foreach (var template in _templates)
            TakeBack(template);
        foreach (var request in _places)
        {
            if (request is { Stage: RequestStage.Sent, Worker: null } && !IsRun(request))
                _suspects.Add((request, request.Id));
        }
    }

    private void Resize()
    {
        if (_current is not { } template || Settings.Min == Settings.Max)
            return;
        var active = template.ActiveWorkers;
        var isShort = _waiting.Count > 0 || template.UnderWay > active * Settings.Threads;
        _waitScans = isShort ? _waitScans + 1 : 0;
        _idleScans = template.UnderWay < (active - 1) * Settings.Threads ? _idleScans + 1 : 0;
        if (_waitScans >= ScansToGrow && _target < Settings.Max)
        {
            _target++;
            _waitScans = 0;
            KeepNumber();
        }
        else if (_idleScans >= ScansToShrink && _target > Settings.Min)
        {
            _target--;
            _idleScans = 0;
            template.LeaveOne();
        }
    }
}
