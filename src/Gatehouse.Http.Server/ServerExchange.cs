using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Tls;

namespace Gatehouse.Http.Server;

/// <summary>
/// What the exchanges of all protocols have in common. This part runs the handler and sees to it that there is an answer; the parts beside it hold the two
/// waits that an exchange can have, one for bytes to read and one for bytes to go out, and do on the reactor what was asked for elsewhere.
/// </summary>
internal abstract partial class ServerExchange : Exchange, IReactorWork
{
    private protected const string Broke = "the client's connection broke";

    private readonly Action _onHandlerDone;
    private ValueTask _handlerTask;
    private CancellationTokenSource? _aborted;
    private bool _owesEnd;

    protected ServerExchange(ServerReactor owner)
    {
        Owner = owner;
        _onHandlerDone = OnHandlerDone;
        _readPost = new PostedRead(this);
        _writePost = new PostedWrite(this);
    }

    /// <summary>True when the answer is complete, in the output or sent.</summary>
    public bool IsAnswered { get; protected set; }

    public override Endpoint RemoteEndpoint => Connection.Transport.RemoteEndpoint;

    public override Endpoint LocalEndpoint => Connection.Transport.LocalEndpoint;

    public override TlsFacts? Tls => Connection.Transport.Tls;

    public override object? ConnectionState { get => Connection.State; set => Connection.State = value; }

    public override CancellationToken Aborted
    {
        get
        {
            var source = Volatile.Read(ref _aborted);
            if (source is null)
            {
                source = new CancellationTokenSource();
                source = Interlocked.CompareExchange(ref _aborted, source, null) ?? source;
                if (IsAborted)
                    source.Cancel();
            }
            return source.Token;
        }
    }

    protected ServerReactor Owner { get; }

    protected Reactor Reactor => Owner.Reactor;

    /// <summary>Told apart from the exchange that this object was before.</summary>
    protected int Generation { get; private set; }

    /// <summary>True when the handler threw, or the client's message is at fault.</summary>
    protected bool HasFailed { get; private set; }

    protected abstract ServerConnection Connection { get; }

    /// <summary>The connection broke (or the stream was reset) while the handler runs: ends both waits and tells who wants to know.</summary>
    public void OnBroken()
    {
        // A full fence: who makes the source on another thread looks at the connection after setting it. Application code may hang on the token, and its
        // callbacks must not run on the reactor.
        Interlocked.MemoryBarrier();
        CancelAborted();

        // Each step may resume the handler and let it end; then this exchange is no longer ours.
        var generation = Generation;
        AbortObserver?.OnClientAborted();
        if (generation == Generation)
            FailRead(499, Broke);
        if (generation == Generation)
            CompleteWrite();
    }

    public override void Expire()
    {
        // As above, each step may be the exchange's last.
        var generation = Generation;
        base.Expire();
        if (generation == Generation)
            FailRead(408, "the request's body was still awaited when its time was up");
        if (generation == Generation)
            CancelAborted();
    }

    /// <summary>True when no waiter is left that has not taken the end of its wait.</summary>
    public bool IsAtRest => _read.IsAtRest && _write.IsAtRest;

    /// <summary>The answer is complete or given up.</summary>
    public void TellEnded() => TellObservers();

    /// <summary>Makes the exchange ready to be rented again.</summary>
    public virtual void End()
    {
        Generation++;
        _aborted = null;
        _handlerTask = default;
        _tunnel = null;
        ResetExchange();
    }

    // The handler's task completed on another thread, or on the reactor outside the driver.
    void IReactorWork.Run()
    {
        if (EndHandler())
            OnHandlerCompleted();
    }

    /// <summary>Makes the exchange new for a request whose head has been set.</summary>
    protected void BeginExchange()
    {
        StartedAt = Reactor.Timestamp;
        Request.Client = Connection.Transport.RemoteEndpoint;
        Request.IsSecure = Connection.Transport.Tls is not null;
        BodyLimit = Connection.Limits.BodyBytes;
        BodyTime = Connection.Limits.BodyTime;
        BodyRate = SendRate = new RateFloor(Connection.Limits.MinimumRate, Connection.Limits.RateGrace);
        IsAnswered = false;
        HasFailed = false;
        HasClientEnded = false;
        BeginRead();
        BeginWrite();
    }

    /// <summary>Gives the request to the handler. True when the handler is done and the answer complete.</summary>
    protected bool RunHandler()
    {
        try
        {
            if (!Request.TryNormalizePath())
                throw new BadRequestException("the path cannot be decoded, or leaves the root");
            _handlerTask = Owner.Server.Handler.HandleAsync(this);
        }
        catch (Exception exception)
        {
            return Fail(exception);
        }
        if (_handlerTask.IsCompleted)
            return EndHandler();
        return Await(_handlerTask);
    }

    /// <summary>Answers a request that no handler may see. True when the answer is complete.</summary>
    protected bool Refuse(int status, string reason) => Fail(new BadRequestException(status, reason));

    /// <summary>The handler ended outside the driver's loop; on the reactor.</summary>
    protected abstract void OnHandlerCompleted();

    /// <summary>The handler has ended, and what it left behind is for the driver.</summary>
    protected virtual void OnHandlerEnding()
    {
    }

    /// <summary>Ends an answer that cannot be finished, so that the client cannot take it for a whole one. On the reactor.</summary>
    protected abstract void Drop();

    // Application code may hang on this token: its callbacks must not run on the reactor.
    private void CancelAborted()
    {
        if (_aborted is { } source)
            ThreadPool.UnsafeQueueUserWorkItem(static source => source.Cancel(), source, preferLocal: false);
    }

    private void OnHandlerDone()
    {
        // A handler may outlive its reactor, when it did not end within the drain; there is nobody left to answer then.
        if (!Reactor.IsCurrent)
            Reactor.TryPost(this);
        else if (EndHandler())
            OnHandlerCompleted();
    }

    // Takes the handler's result and sees to it that an answer is complete. False when its end must wait: then this runs again.
    private bool EndHandler()
    {
        AbortObserver = null;
        // What the handler began and did not await still works on this exchange.
        if (IsWriting || _readPost.IsQueued)
        {
            _owesEnd = true;
            return false;
        }
        try
        {
            _handlerTask.GetAwaiter().GetResult();
            if (!IsAnswered && !IsAborted)
            {
                var end = Response switch
                {
                    { HasStarted: false, HasBody: true } => SendAsync(Response.Body.WrittenMemory),
                    { HasStarted: false, Status: >= 400 } => SendPageAsync(),
                    _ => CompleteAsync(),
                };
                if (!end.IsCompleted)
                    return Await(end);
                end.GetAwaiter().GetResult();
            }
        }
        catch (Exception exception)
        {
            if (!Fail(exception))
                return false;
        }
        if (!HasFailed && Response.Status >= 500 && Notes.Failure is { } failure)
            Owner.Server.Events?.OnRefused(RemoteEndpoint, Response.Status, failure);
        // A handler may end while it still reads, when it has its answer: that read ends here.
        FailRead(499, "the exchange has ended");
        OnHandlerEnding();
        return true;
    }

    // A wait that the handler left behind is over: its end goes on.
    private void ContinueEnd()
    {
        if (!_owesEnd)
            return;
        _owesEnd = false;
        if (EndHandler())
            OnHandlerCompleted();
    }

    private bool Await(ValueTask task)
    {
        _handlerTask = task;
        task.GetAwaiter().UnsafeOnCompleted(_onHandlerDone);
        return false;
    }

    // Turns what the handler threw into an answer, or drops the connection when one has begun. False when the answer must wait.
    private bool Fail(Exception exception)
    {
        HasFailed = true;
        int status;
        if (exception is BadRequestException bad)
        {
            status = bad.Status;
            Notes.Failure ??= bad.Message;
            Owner.Server.Events?.OnRefused(RemoteEndpoint, Response.HasStarted && status != 499 ? 0 : status, bad.Message);
        }
        else if (exception is OperationCanceledException && IsAborted)
        {
            status = 499;
            Notes.Failure ??= Broke;
            Owner.Server.Events?.OnRefused(RemoteEndpoint, status, Broke);
        }
        else
        {
            status = 500;
            Notes.Failure ??= exception.Message;
            Owner.Server.Events?.OnHandlerFailed(this, exception);
        }
        if (!Response.HasStarted)
            Response.Status = status;
        return Answer(status);
    }

    private bool Answer(int status)
    {
        if (IsAborted || IsAnswered || (status == 499 && !Response.HasStarted))
            return true;
        if (Response.HasStarted)
        {
            Drop();
            return true;
        }
        Response.Reset();
        Response.Status = status;
        try
        {
            var page = SendPageAsync();
            if (!page.IsCompleted)
                return Await(page);
            page.GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            // A filter that fails for the page as well, or the client is gone.
            if (!IsAborted)
                Owner.Server.Events?.OnHandlerFailed(this, exception);
            Drop();
        }
        return true;
    }

    private ValueTask SendPageAsync()
    {
        if (!Response.Headers.Contains(KnownHeader.ContentType))
            Response.Headers.Add(KnownHeader.ContentType, "text/html; charset=utf-8"u8);
        Response.HasStandInBody = true;
        return SendAsync(ErrorPage.Of(Response.Status));
    }
}
