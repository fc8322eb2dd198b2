using Gatehouse.Net.Buffers;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Http1;
using Gatehouse.Protocols.Tls;

namespace Gatehouse.Http.Server.Http1;

/// <summary>
/// One HTTP/1 request and its answer on a connection. Reused from request to request on its reactor. This part runs the handler and holds the two
/// waits that an exchange can have, one for bytes to read and one for bytes to go out; the parts beside it read and write.
/// </summary>
internal sealed partial class Http1Exchange : Exchange, IReactorWork
{
    private const string Broke = "the client's connection broke";

    private readonly Http1RequestParser _parser = new(Http1Limits.Default);
    private readonly ServerReactor _owner;
    private readonly Action _onHandlerDone;
    private Http1Connection _connection = null!;
    private ValueTask _handlerTask;
    private CancellationTokenSource? _aborted;
    private int _generation;
    private bool _hasFailed;
    private bool _owesEnd;

    public Http1Exchange(ServerReactor owner)
    {
        _owner = owner;
        _onHandlerDone = OnHandlerDone;
        _readPost = new PostedRead(this);
        _writePost = new PostedWrite(this);
    }

    public Http1RequestBody Body { get; } = new();

    public Http1Error? ParseError => _parser.Error;

    /// <summary>True when the answer is complete, in the output or sent.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>True when the connection goes on after this exchange.</summary>
    public bool KeepsAlive { get; private set; }

    /// <summary>Bytes of the body that the handler read; what comes after is drained.</summary>
    public long DrainedFrom { get; private set; }

    /// <summary>True when the handler waits on the reactor for bytes of the body.</summary>
    public bool IsReading => _read.IsPending && !_readPost.IsQueued && _tunnel is null;

    /// <summary>True when no waiter is left that has not taken the end of its wait.</summary>
    public bool IsAtRest => _read.IsAtRest && _write.IsAtRest;

    /// <summary>True when a tunnel has met the client's end.</summary>
    public bool HasClientEnded { get; private set; }

    public override Endpoint RemoteEndpoint => _connection.Transport.RemoteEndpoint;

    public override TlsFacts? Tls => _connection.Transport.Tls;

    public override Endpoint LocalEndpoint => _connection.Transport.LocalEndpoint;

    public override bool IsAborted => _connection.IsBroken;

    public override CancellationToken Aborted
    {
        get
        {
            var source = Volatile.Read(ref _aborted);
            if (source is null)
            {
                source = new CancellationTokenSource();
                source = Interlocked.CompareExchange(ref _aborted, source, null) ?? source;
                if (_connection.IsBroken)
                    source.Cancel();
            }
            return source.Token;
        }
    }

    private Reactor Reactor => _owner.Reactor;

    /// <summary>Goes on parsing the head at the front of <paramref name="input"/>.</summary>
    public ParseStatus Parse(InputBuffer input, Http1Limits limits, out int headEnd)
    {
        _parser.Limits = limits;
        return _parser.Parse(input.Buffer, input.Start, input.End, out headEnd);
    }

    /// <summary>The bytes of a partial head moved.</summary>
    public void RebaseParser(byte[] buffer, int moved) => _parser.Rebase(buffer, moved);

    /// <summary>The bytes of this exchange's head moved.</summary>
    public void Rebase(byte[] buffer, int moved) => Request.Rebase(buffer, moved);

    /// <summary>Gives the parsed request to the handler. True when the handler is done and the answer complete.</summary>
    public bool Run(Http1Connection connection, bool keepAlive)
    {
        _connection = connection;
        Begin(keepAlive);
        try
        {
            if (!Request.TryNormalizePath())
                throw new BadRequestException("the path cannot be decoded, or leaves the root");
            _handlerTask = _owner.Server.Handler.HandleAsync(this);
        }
        catch (Exception exception)
        {
            return Fail(exception);
        }
        if (_handlerTask.IsCompleted)
            return EndHandler();
        return Await(_handlerTask);
    }

    /// <summary>The connection broke while the handler runs: ends both waits and tells who wants to know.</summary>
    public void OnBroken()
    {
        // A full fence: who makes the source on another thread looks at the connection after setting it. Application code may hang on the token, and its
        // callbacks must not run on the reactor.
        Interlocked.MemoryBarrier();
        CancelAborted();

        // Each step may resume the handler and let it end; then this exchange is no longer ours.
        var generation = _generation;
        AbortObserver?.OnClientAborted();
        if (generation == _generation)
            FailRead(499, Broke);
        if (generation == _generation)
            CompleteWrite();
    }

    public override void Expire()
    {
        // As above, each step may be the exchange's last.
        var generation = _generation;
        base.Expire();
        if (generation == _generation)
            FailRead(408, "the request's body was still awaited when its time was up");
        if (generation == _generation)
            CancelAborted();
    }

    /// <summary>The answer is complete or given up.</summary>
    public void TellEnded() => TellObservers();

    /// <summary>Makes the exchange ready to be rented again.</summary>
    public void End()
    {
        _generation++;
        _parser.Reset();
        _aborted = null;
        _handlerTask = default;
        _tunnel = null;
        ResetExchange();
    }

    public override void Abort()
    {
        if (Reactor.IsCurrent)
            _connection.Kill();
        else
            Reactor.Post(static connection => ((Http1Connection)connection!).Kill(), _connection);
    }

    // The handler's task completed on another thread, or on the reactor outside the driver.
    void IReactorWork.Run()
    {
        if (EndHandler())
            _connection.OnHandlerCompleted();
    }

    private void Begin(bool keepAlive)
    {
        StartedAt = Reactor.Timestamp;
        var parser = _parser;
        Request.SetLine(
            _connection.Input.Buffer,
            parser.Method,
            parser.MethodName,
            parser.Target,
            parser.Path,
            parser.Query,
            parser.HasQuery,
            parser.MinorVersion == 0 ? HttpVersion.Http10 : HttpVersion.Http11);
        Request.SetMessage(parser.Headers, parser.Authority, parser.ContentLength, parser.ExpectsContinue, parser.AsksUpgrade);
        Request.Client = _connection.Transport.RemoteEndpoint;
        Request.IsSecure = _connection.Transport.Tls is not null;
        BodyLimit = _connection.Limits.BodyBytes;
        BodyTime = _connection.Limits.BodyTime;
        Body.Begin(_connection, parser.ContentLength, _connection.Limits.Head);
        KeepsAlive = keepAlive && parser.KeepAlive;
        IsAnswered = false;
        _hasFailed = false;
        BeginRead();
        BeginWrite();
    }

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
            _connection.OnHandlerCompleted();
    }

    // Takes the handler's result and sees to it that an answer is complete. False when its end must wait: then this runs again.
    private bool EndHandler()
    {
        AbortObserver = null;
        // What the handler began and did not await still works on this exchange.
        if (_write.IsPending || _readPost.IsQueued)
        {
            _owesEnd = true;
            return false;
        }
        try
        {
            _handlerTask.GetAwaiter().GetResult();
            if (!IsAnswered && !_connection.IsBroken)
            {
                var end = Response is { HasStarted: false, Status: >= 400 } ? SendPageAsync() : CompleteAsync();
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
        if (!_hasFailed && Response.Status >= 500 && Notes.Failure is { } failure)
            _owner.Server.Events?.OnRefused(RemoteEndpoint, Response.Status, failure);
        // A handler may end while it still reads, when it has its answer: that read ends here.
        FailRead(499, "the exchange has ended");
        DrainedFrom = Body.Received;
        return true;
    }

    // A wait that the handler left behind is over: its end goes on.
    private void ContinueEnd()
    {
        if (!_owesEnd)
            return;
        _owesEnd = false;
        if (EndHandler())
            _connection.OnHandlerCompleted();
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
        KeepsAlive = false;
        _hasFailed = true;
        int status;
        if (exception is BadRequestException bad)
        {
            status = bad.Status;
            Notes.Failure ??= bad.Message;
            _owner.Server.Events?.OnRefused(RemoteEndpoint, Response.HasStarted && status != 499 ? 0 : status, bad.Message);
        }
        else if (exception is OperationCanceledException && _connection.IsBroken)
        {
            status = 499;
            Notes.Failure ??= Broke;
            _owner.Server.Events?.OnRefused(RemoteEndpoint, status, Broke);
        }
        else
        {
            status = 500;
            Notes.Failure ??= exception.Message;
            _owner.Server.Events?.OnHandlerFailed(this, exception);
        }
        if (!Response.HasStarted)
            Response.Status = status;
        return Answer(status);
    }

    private bool Answer(int status)
    {
        if (_connection.IsBroken || IsAnswered || (status == 499 && !Response.HasStarted))
            return true;
        if (Response.HasStarted)
        {
            _connection.Kill();
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
            if (!_connection.IsBroken)
                _owner.Server.Events?.OnHandlerFailed(this, exception);
            _connection.Kill();
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
