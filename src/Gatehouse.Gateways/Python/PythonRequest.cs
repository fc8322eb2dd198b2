using System.Buffers;
using Gatehouse.Http;
using Gatehouse.Net.Files;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Gateways.Python;

/// <summary>
/// One request on its way through a pool: the message that a worker gets, and the parts of the answer. The handler that waits for them is on the exchange's
/// reactor, the pool on its own, often the same: then a part is handed over in the buffer it arrived in, and nothing is copied. Used again for further requests.
/// </summary>
internal sealed class PythonRequest(PythonPool pool, Reactor home) : IReactorWork, IAbortObserver
{
    // What an answer may have waiting for a slow client in memory, and then in a file.
    private const int MemoryBound = 256 * 1024;
    private const long FileBound = 1L << 30;

    private readonly ReactorWait<bool> _wait = new();
    private readonly Lock _lock = new();
    private readonly Queue<AnswerPart> _parts = new();
    private AnswerPart _current;
    private bool _hasCurrent;
    private bool _isBorrowing;
    private byte[]? _given;
    private SpoolFile? _file;
    private long _fileLength;
    private long _queued;
    private bool _sawLast;
    private volatile bool _isAbandoned;
    private volatile bool _isClientGone;
    private volatile bool _hasClientEnded;

    /// <summary>The message for the worker.</summary>
    public MarshalWriter Message { get; } = new();

    /// <summary>The reactor of its exchange.</summary>
    public Reactor Home => home;

    /// <summary>Its number; 0 while it is not in the pool. On the pool's reactor, as what follows up to <see cref="Deliver"/>.</summary>
    public int Id { get; set; }

    /// <summary>Where it is.</summary>
    public RequestStage Stage { get; set; }

    /// <summary>The worker that runs it, as far as that is known.</summary>
    public PythonWorker? Worker { get; set; }

    /// <summary>The generation whose queue it is in.</summary>
    public PythonTemplate? Template { get; set; }

    /// <summary>When it began to wait for a worker, in milliseconds of the reactor's clock.</summary>
    public long WaitsSince { get; set; }

    /// <summary>When a worker last did something for it.</summary>
    public long ProgressAt { get; set; }

    /// <summary>True once a part of the answer has come.</summary>
    public bool HasAnswer { get; set; }

    /// <summary>Where in the message method and path are, for status.</summary>
    public (int Start, int Length) Method { get; set; }

    /// <summary>Where in the message the path is.</summary>
    public (int Start, int Length) Path { get; set; }

    /// <summary>True once nobody waits for the answer any more.</summary>
    public bool IsAbandoned => _isAbandoned;

    /// <summary>True once the client has ended its side of the connection; it may still read.</summary>
    public bool HasClientEnded => _hasClientEnded;

    /// <summary>True once the worker knows that.</summary>
    public bool IsEndTold { get; set; }

    /// <summary>True when so much of the answer waits for the client that the worker has to.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Takes a part, on the pool's reactor. Its memory is the worker's buffer, of which the request may keep hold.</summary>
    public void Deliver(in AnswerPart part, PythonWorker? source)
    {
        if (_isAbandoned)
        {
            Free(part);
            return;
        }
        if (home.IsCurrent && _parts.Count == 0 && _wait.IsPending)
        {
            var id = Id;
            _current = part;
            _hasCurrent = true;
            _isBorrowing = source is not null && (!part.Head.IsEmpty || !part.Data.IsEmpty);
            _wait.SetResult(true);
            if (Id == id && _isBorrowing)
            {
                _given = source!.GiveBuffer();
                _isBorrowing = false;
            }
            return;
        }
        Enqueue(part);
        if (home.IsCurrent)
            _wait.SetResult(true);
        else
            home.TryPost(this);
    }

    /// <summary>The next part, when it is there; it is good until <see cref="Release"/>. On the exchange's reactor, as what follows.</summary>
    public bool TryTake(out AnswerPart part)
    {
        if (_hasCurrent)
        {
            _hasCurrent = false;
            part = _current;
        }
        else
        {
            lock (_lock)
            {
                if (!_parts.TryDequeue(out _current))
                {
                    part = default;
                    if (!_isClientGone)
                        return false;
                    part = new AnswerPart(AnswerKind.Gone, default, default);
                    return true;
                }
                part = _current;
                if (part.Rented is not null)
                    _queued -= part.Rented.Length;
            }
        }
        _sawLast |= part.IsLast;
        return true;
    }

    /// <summary>Waits until <see cref="TryTake"/> is worth calling again.</summary>
    public ValueTask<bool> WaitAsync()
    {
        _wait.Begin(resumeInline: true);
        var task = _wait.Task;

        // What came between the look and the wait was posted, and its work comes in a later turn; what the client's end says is told once.
        if (_isClientGone)
            _wait.SetResult(true);
        return task;
    }

    /// <summary>The part last taken is done with.</summary>
    public void Release()
    {
        _isBorrowing = false;
        if (_given is not null)
        {
            home.Buffers.Return(_given);
            _given = null;
        }
        Free(_current);
        _current = default;
        if (IsFull)
            Resume();
    }

    /// <summary>The handler is done: the request can be used again, or is given up when its answer has not ended.</summary>
    public void Finish()
    {
        Release();
        if (_sawLast)
        {
            DropParts();
            Reset();
            pool.Recycle(this);
            return;
        }
        _isAbandoned = true;
        pool.Abandon(this);
    }

    /// <summary>Comes from another reactor.</summary>
    public void Submitted() => pool.Accept(this);

    /// <summary>As <see cref="Submitted"/>, for the end of the interest in it.</summary>
    public void Abandoned() => pool.Abandon(this);

    void IReactorWork.Run() => _wait.SetResult(true);

    void IAbortObserver.OnClientAborted()
    {
        _isClientGone = true;
        _wait.SetResult(true);
    }

    void IAbortObserver.OnClientEnded() => _hasClientEnded = true;

    /// <summary>Frees what waits; for a request that was given up, on the pool's reactor when its answer has ended.</summary>
    public void DropParts()
    {
        lock (_lock)
        {
            while (_parts.TryDequeue(out var part))
                Free(part);
            _file?.Dispose();
            _file = null;
        }
    }

    private void Enqueue(in AnswerPart part)
    {
        lock (_lock)
        {
            var size = part.Head.Length + part.Data.Length;
            if (size == 0 || part.File is not null)
            {
                _parts.Enqueue(part);
                return;
            }
            if (part.Kind == AnswerKind.Data && (_fileLength > 0 || _queued + size > MemoryBound))
            {
                _file ??= SpoolFile.Create();
                RandomAccess.Write(_file.Handle, part.Data.Span, _fileLength);
                _parts.Enqueue(new AnswerPart(AnswerKind.Data, default, default, File: _file.Handle, Offset: _fileLength, Count: size));
                _fileLength += size;
                IsFull = _fileLength >= FileBound;
                return;
            }
            var rented = ArrayPool<byte>.Shared.Rent(size);
            part.Head.CopyTo(rented);
            part.Data.CopyTo(rented.AsMemory(part.Head.Length));
            _parts.Enqueue(part with { Head = rented.AsMemory(0, part.Head.Length), Data = rented.AsMemory(part.Head.Length, part.Data.Length), Rented = rented });
            _queued += rented.Length;
        }
    }

    // All that was written to the file has been sent: it starts anew, and so does the worker.
    private void Resume()
    {
        lock (_lock)
        {
            if (_parts.Count > 0)
                return;
            _file?.Dispose();
            _file = null;
            _fileLength = 0;
            IsFull = false;
        }
        pool.Resume(this);
    }

    private static void Free(in AnswerPart part)
    {
        if (part.Rented is not null)
            ArrayPool<byte>.Shared.Return(part.Rented);
        if (part.Kind == AnswerKind.File)
            part.File?.Dispose();
    }

    private void Reset()
    {
        Id = 0;
        Stage = RequestStage.None;
        Worker = null;
        HasAnswer = false;
        _fileLength = _queued = 0;
        _sawLast = _hasCurrent = _isClientGone = _hasClientEnded = IsEndTold = false;
        IsFull = false;
    }
}

/// <summary>Where a <see cref="PythonRequest"/> is.</summary>
internal enum RequestStage
{
    /// <summary>Not in the pool, or done with.</summary>
    None,

    /// <summary>Waits here.</summary>
    Waits,

    /// <summary>In the queue that workers take from, or taken.</summary>
    Sent,
}
