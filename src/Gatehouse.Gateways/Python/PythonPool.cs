using System.Buffers.Binary;
using Gatehouse.Gateways.Supervision;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;

namespace Gatehouse.Gateways.Python;

/// <summary>
/// The workers of one application, and the requests that wait for them. It belongs to one reactor; others post to it.
/// </summary>
/// <remarks>
/// Requests are sent ahead into a queue of the kernel that the workers share, so that a worker finds its next request without asking. Each runs at most once: the
/// kernel gives a message to one receiver, which writes the number into shared memory; what nobody has taken this side takes back. The scan, ten times a second
/// while anything is under way, compares those numbers with the clock, so that a request costs no timer.
/// </remarks>
internal sealed partial class PythonPool : IProcessPool, IReactorWork, ITimerTarget
{
    /// <summary>Bytes of messages that may wait in the queue.</summary>
    public const int QueueRoom = 1024 * 1024;

    // Requests in the queue beyond those that the workers run: with 8 or 16 sent ahead a request costs a fifth less than with one at a time.
    private const int Ahead = 16;

    // Requests of one pool at a time. The low bits of a request's number are its place.
    private const int Places = 4096;
    private const int LargestMessage = 192 * 1024;
    private const int BusyScan = 100;
    private const int IdleScan = 1000;

    // Where in a message the number of its request is.
    private const int NumberOffset = 5;

    // Scans with requests waiting after which a worker is added, and idle ones after which one leaves.
    private const int ScansToGrow = 3;
    private const int ScansToShrink = 300;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LeaveGrace = TimeSpan.FromSeconds(5);

    private readonly PythonRequest?[] _places = new PythonRequest?[Places];
    private readonly Stack<int> _free = new(Places);
    private readonly Queue<PythonRequest> _returned = new();
    private readonly Queue<PythonRequest> _waiting = new();
    private readonly Stack<PythonRequest>[] _idle;
    private readonly List<PythonTemplate> _templates = [];
    private readonly Dictionary<int, PythonWorker> _ended = [];
    private readonly List<(PythonRequest Request, int Id)> _suspects = [];
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30));
    private readonly ReactorTimer _scan;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PythonTemplate? _current;
    private PythonTemplate? _next;
    private FolderWatch? _watch;
    private byte[]? _scratch;
    private string? _fault;
    private bool _preloads;
    private bool _flushes;
    private bool _looksForLost;
    private bool _reloadsAgain;
    private bool _isStopping;
    private long _stopBy;
    private long _retryAt;
    private long _forkAfter;
    private int _generation;
    private int _count;
    private int _target;
    private int _waitScans;
    private int _idleScans;

    /// <summary>Makes a pool that <see cref="Start"/> brings to life.</summary>
    public PythonPool(PythonSettings settings, Reactor reactor, int reactors, GatewayLog log)
    {
        Settings = settings;
        Reactor = reactor;
        Log = log;
        Name = $"{settings.Kind} {settings.Config.App}";
        _preloads = settings.Config.Preload;
        _target = settings.Workers;
        _scan = new ReactorTimer(reactor, this);
        _idle = new Stack<PythonRequest>[reactors];
        for (var i = 0; i < reactors; i++)
            _idle[i] = new Stack<PythonRequest>();
        for (var i = Places - 1; i >= 0; i--)
            _free.Push(i);
    }

    /// <summary>What it was made from.</summary>
    public PythonSettings Settings { get; }

    /// <summary>The reactor it belongs to.</summary>
    public Reactor Reactor { get; }

    /// <summary>Where it reports.</summary>
    public GatewayLog Log { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public void Start() => Reactor.Post(static state => ((PythonPool)state!).Begin(), this);

    /// <inheritdoc/>
    public void ReloadCode() => Reactor.Post(static state => ((PythonPool)state!).BeginReload(), this);

    /// <inheritdoc/>
    public Task StopAsync(TimeSpan limit)
    {
        try
        {
            Reactor.Post(_ => BeginStop(limit), null);
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
        Reactor.Post(_ => report.SetResult(Report()), null);
        return report.Task;
    }

    /// <summary>A request to fill, on the reactor of its exchange.</summary>
    public PythonRequest Rent()
    {
        var reactor = Reactor.Current!;
        return _idle[reactor.Index].TryPop(out var request) ? request : new PythonRequest(this, reactor);
    }

    /// <summary>Takes a request back that is done with, on the reactor of its exchange.</summary>
    public void Recycle(PythonRequest request)
    {
        const int Kept = 256;
        var idle = _idle[request.Home.Index];
        if (idle.Count < Kept)
            idle.Push(request);
    }

    /// <summary>Brings a request on its way, from the reactor of its exchange.</summary>
    public void Submit(PythonRequest request)
    {
        if (Reactor.IsCurrent)
            Accept(request);
        else
            Reactor.Post(static state => ((PythonRequest)state!).Submitted(), request);
    }

    /// <summary>Puts a request in line. On the pool's reactor, as what follows.</summary>
    public void Accept(PythonRequest request)
    {
        if (_isStopping || (_fault is not null && _current is null) || _waiting.Count + _returned.Count >= Settings.Config.Backlog || !_free.TryPop(out var place))
        {
            request.Deliver(new AnswerPart(AnswerKind.Refused, default, default), null);
            return;
        }
        _generation = (_generation + 1) & 0x3FFFF;
        request.Id = ((_generation + 1) << 12) | place;
        request.Stage = RequestStage.Waits;
        request.WaitsSince = Reactor.Now;
        _places[place] = request;
        _count++;
        _waiting.Enqueue(request);
        if (!_flushes)
        {
            _flushes = true;
            Reactor.Defer(this);
        }
        if (_count == 1)
            _scan.Arm(BusyScan);
    }

    /// <summary>The request with this number; null when there is none.</summary>
    public PythonRequest? Find(int id) => _places[id & (Places - 1)] is { } request && request.Id == id ? request : null;

    /// <summary>The last part of an answer has come.</summary>
    public void OnAnswered(PythonRequest request)
    {
        Settle(request);
        if (_waiting.Count > 0 || _returned.Count > 0)
            Flush();
    }

    /// <summary>Nobody waits for the answer any more.</summary>
    public void Abandon(PythonRequest request)
    {
        if (!Reactor.IsCurrent)
        {
            Reactor.Post(static state => ((PythonRequest)state!).Abandoned(), request);
            return;
        }
        if (request.Stage == RequestStage.Sent)
            Cancel(request);
    }

    /// <summary>The client of a request has taken what waited for it.</summary>
    public void Resume(PythonRequest request)
    {
        if (Reactor.IsCurrent)
            request.Worker?.Resume();
        else
            Reactor.Post(static state => ((PythonRequest)state!).Worker?.Resume(), request);
    }

    /// <summary>Sends a frame to the worker that runs a request. From any thread; <paramref name="body"/> is copied before this returns.</summary>
    public void Reply(PythonRequest request, AnswerKind kind, ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> body, Microsoft.Win32.SafeHandles.SafeFileHandle? file = null)
    {
        if (Reactor.IsCurrent)
        {
            request.Worker?.Send(request.Id, kind, head, body, file);
            return;
        }
        var copy = body.ToArray();
        var headCopy = head.ToArray();
        Reactor.Post(_ => request.Worker?.Send(request.Id, kind, headCopy, copy, file), null);
    }

    /// <summary>Sends what waits, as far as the queue has room.</summary>
    public void Flush()
    {
        var template = _current;
        if (template is null || template.IsGone)
            return;
        var limit = (template.Workers.Count * Settings.Threads) + Ahead;
        while (template.UnderWay < limit)
        {
            var queue = _returned.Count > 0 ? _returned : _waiting;
            if (!queue.TryPeek(out var request))
                return;
            if (request.Stage != RequestStage.Waits || request.IsAbandoned)
            {
                queue.Dequeue();
                if (request.Stage == RequestStage.Waits)
                    Settle(request);
                continue;
            }
            request.Message.SetNumber(NumberOffset, request.Id);
            var sent = template.Enqueue(request.Message.Written);
            if (sent.IsWouldBlock)
                return;
            queue.Dequeue();
            if (!sent.IsDone)
            {
                Settle(request);
                request.Deliver(new AnswerPart(AnswerKind.Refused, default, default), null);
                continue;
            }
            request.Stage = RequestStage.Sent;
            request.Template = template;
            template.UnderWay++;
        }
    }

    /// <summary>The queue has room again.</summary>
    public void OnQueueHasRoom()
    {
        foreach (var template in _templates)
            template.SendLeaves();
        Flush();
    }

    void IReactorWork.Run()
    {
        _flushes = false;
        Flush();
    }

    private void TakeBack(PythonTemplate template)
    {
        _scratch ??= new byte[PythonPool.LargestMessage + 65536];
        var leaves = 0;
        while (template.TryTakeBack(_scratch, out var length))
        {
            if (length < 10)
            {
                leaves++;
                continue;
            }
            if (Find(BinaryPrimitives.ReadInt32LittleEndian(_scratch.AsSpan(NumberOffset + 1))) is not { Stage: RequestStage.Sent } request)
                continue;
            template.UnderWay--;
            request.Stage = RequestStage.Waits;
            request.Template = null;
            _returned.Enqueue(request);
        }
        template.ReturnLeaves(leaves);
    }

    // Its worker has died after it took the request: how much of it was done nobody knows, so it is not run again.
    private void Lose(PythonRequest request)
    {
        Settle(request);
        request.Deliver(new AnswerPart(AnswerKind.Died, default, default), null);
    }

    private void Refuse(PythonRequest request)
    {
        Settle(request);
        request.Deliver(new AnswerPart(AnswerKind.Refused, default, default), null);
    }

    private void RefuseWaiting()
    {
        foreach (var request in _places)
        {
            if (request is { Stage: RequestStage.Waits })
                Refuse(request);
        }
    }

    // The request leaves the pool; its number finds nobody any more.
    private void Settle(PythonRequest request)
    {
        if (request.Stage == RequestStage.None)
            return;
        if (request.Stage == RequestStage.Sent)
            request.Template!.UnderWay--;
        request.Stage = RequestStage.None;
        request.Template = null;
        var place = request.Id & (Places - 1);
        _places[place] = null;
        _free.Push(place);
        _count--;
        if (request.IsAbandoned)
            request.DropParts();
    }

    private static void Cancel(PythonRequest request)
    {
        foreach (var worker in request.Template!.Workers)
        {
            if (worker.Runs(request.Id))
                worker.Cancel(request.Id);
        }
    }
}
