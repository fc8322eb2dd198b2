using System.Threading.Tasks.Sources;
using Gatehouse.AspNetCore.Bodies;
using Gatehouse.AspNetCore.Connections;
using Gatehouse.AspNetCore.Headers;
using Gatehouse.Http;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.AspNetCore.Requests;

/// <summary>
/// One request and its answer as ASP.NET Core's features, and the run of the application for it. Kept by its connection from request to request, with the
/// HttpContext that was made over it. This part begins and ends requests; the parts beside it are the features.
/// </summary>
/// <remarks>
/// A request has two parts that may end in either order: the answer, which ends on the reactor, and the application with its callbacks behind the answer, which
/// ends wherever it runs. The second to end completes the exchange, on the reactor.
/// </remarks>
internal abstract partial class ApplicationRequest : IThreadPoolWorkItem, IValueTaskSource, IAbortObserver
{
    private readonly RequestSettings _settings;
    private readonly ClientConnection _connection;
    private readonly ResponseBody _responseBody;
    private ManualResetValueTaskSourceCore<bool> _completion;
    private Exchange _exchange = null!;
    private int _parts = -1;
    private volatile bool _isAborted;
    private volatile bool _hasClientEnded;
    private volatile bool _isRunning;

    protected ApplicationRequest(RequestSettings settings, ClientConnection connection)
    {
        _settings = settings;
        _connection = connection;
        _requestBody = new RequestBody(this);
        _requestStream = new RequestBodyStream(this, _requestBody);
        _responseBody = new ResponseBody(this, connection.Reactor);
        _responseStream = new ResponseBodyStream(this, _responseBody);
    }

    /// <summary>The next of those that the connection keeps.</summary>
    public ApplicationRequest? Next { get; set; }

    /// <summary>True when nothing that is sent arrives any more.</summary>
    public bool IsAborted => _isAborted || _exchange.IsAborted;

    /// <summary>Gives the request to the application. On the reactor.</summary>
    public ValueTask Begin(Exchange exchange)
    {
        _exchange = exchange;
        _isAborted = _hasClientEnded = false;
        _isRunning = true;
        _parts = 2;
        _number = ++_connection.Requests;
        exchange.AbortObserver = this;
        BeginFeatures();
        BeginRequest(exchange.Request);
        _requestBody.Begin(exchange);
        _responseBody.Begin(exchange);
        _completion.Reset();
        var task = new ValueTask(this, _completion.Version);
        if (!_settings.RunsInline)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return task;
        }
        // What the application sets in the execution context is its own: the reactor goes on under the default one.
        var context = ExecutionContext.Capture();
        Run();
        if (context is not null)
            ExecutionContext.Restore(context);
        return task;
    }

    /// <summary>One of the two parts has ended.</summary>
    public void EndPart()
    {
        if (Interlocked.Decrement(ref _parts) != 0)
            return;
        if (_connection.Reactor.IsCurrent)
            TryComplete();
        else
            _responseBody.Post();
    }

    /// <summary>Completes the exchange when both parts have ended. On the reactor.</summary>
    public bool TryComplete()
    {
        if (Volatile.Read(ref _parts) != 0)
            return false;
        _parts = -1;
        _exchange.AbortObserver = null;
        _isRunning = false;
        // A read that is still under way writes into the buffer of this body some time after the exchange's end: then all of this is its, and no other request's.
        if (!_requestBody.IsFilling && !IsUpgraded)
        {
            Reset();
            _connection.Return(this);
        }
        _completion.SetResult(true);
        return true;
    }

    /// <summary>Nothing that is sent arrives any more.</summary>
    public void MarkAborted() => _isAborted = true;

    /// <summary>The engine refused what the application sent.</summary>
    public void OnAnswerFailed(Exception exception) => ServerLog.ApplicationFailed(_settings.Logger, TraceIdentifier, exception);

    /// <summary>Throws when the request has ended: what it belonged to may be another's.</summary>
    public void ThrowIfEnded()
    {
        if (!_isRunning)
            throw new ObjectDisposedException("HttpContext", "The request has ended; its body can no longer be read or written.");
    }

    /// <summary>Throws where a call must not block: everywhere, unless it was allowed; never on a reactor.</summary>
    public void ThrowIfMustNotBlock()
    {
        if (!AllowSynchronousIO)
            throw new InvalidOperationException("Synchronous operations are disallowed. Call the asynchronous form or set AllowSynchronousIO to true instead.");
        if (_connection.Reactor.IsCurrent)
            throw new InvalidOperationException("A call that blocks would wait on a reactor for what that reactor does. Call the asynchronous form.");
    }

    void IThreadPoolWorkItem.Execute() => Run();

    void IValueTaskSource.GetResult(short token) => _completion.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    void IAbortObserver.OnClientAborted()
    {
        _isAborted = true;
        CancelAborted();
    }

    // As with Kestrel, a client that ends its side has left; one that has not still gets what the application sends nevertheless.
    void IAbortObserver.OnClientEnded()
    {
        if (_hasClientEnded)
            return;
        _hasClientEnded = true;
        CancelAborted();
    }

    /// <summary>Runs the application. It calls <see cref="EndApplication"/> when that is done.</summary>
    protected abstract void Run();

    /// <summary>
    /// The application is done: ends the answer, runs what was registered for behind it, and lets go of the context. <paramref name="failure"/> is what it threw.
    /// </summary>
    protected void EndApplication(Exception? failure)
    {
        if (failure is null && !HasStarted && _onStarting is { Count: > 0 })
            _ = EndSlowlyAsync(failure);
        else
            EndAnswer(failure);
    }

    /// <summary>Lets go of the context that the application made for the request.</summary>
    protected abstract void DisposeContext(Exception? failure);

    private async Task EndSlowlyAsync(Exception? failure)
    {
        try
        {
            await StartAsync();
        }
        catch (Exception exception)
        {
            failure = exception;
        }
        EndAnswer(failure);
    }

    private void EndAnswer(Exception? failure)
    {
        failure ??= LengthFault();
        if (failure is not null)
            Report(failure);
        if (_responseBody.IsEnding)
        {
            // The application has ended the answer by itself; what it threw behind that changes nothing.
        }
        else if (failure is not null && (HasStarted || IsAborted))
        {
            _responseBody.Drop();
        }
        else
        {
            if (failure is not null)
                BecomeFailure(failure);
            if (!HasStarted)
                WriteHead();
            WriteTrailers();
            _responseBody.End();
        }
        if (_onCompleted is { Count: > 0 })
            _ = EndCallbacksAsync(failure);
        else
            EndContext(failure);
    }

    private async Task EndCallbacksAsync(Exception? failure)
    {
        while (_onCompleted!.TryPop(out var callback))
        {
            try
            {
                await callback.Callback(callback.State);
            }
            catch (Exception exception)
            {
                ServerLog.ApplicationFailed(_settings.Logger, TraceIdentifier, exception);
            }
        }
        EndContext(failure);
    }

    private void EndContext(Exception? failure)
    {
        try
        {
            DisposeContext(failure);
        }
        catch (Exception exception)
        {
            ServerLog.ApplicationFailed(_settings.Logger, TraceIdentifier, exception);
        }
        EndPart();
    }

    private void Report(Exception failure)
    {
        if (failure is BadHttpRequestException bad)
            ServerLog.RequestRefused(_settings.Logger, TraceIdentifier, bad.Message);
        else if (IsAborted && failure is OperationCanceledException or IOException)
            ServerLog.ClientLeft(_settings.Logger, TraceIdentifier, failure);
        else
            ServerLog.ApplicationFailed(_settings.Logger, TraceIdentifier, failure);
    }

    // Nothing has been sent: the answer is another one.
    private void BecomeFailure(Exception failure)
    {
        _responseBody.Restart();
        _responseHeaders.Reset();
        _trailers?.Reset();
        _status = failure is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError;
        // Where a request at fault ends, and the next begins, is not to be relied on.
        if (failure is BadHttpRequestException)
            _exchange.Response.ClosesConnection = true;
        _responseHeaders.ContentLength = 0;
    }

    private InvalidOperationException? LengthFault()
    {
        if (_responseHeaders.ContentLength is not { } announced || _responseBody.Written >= announced || IsUpgraded || IsAborted || HasNoBody || _hasSentFile)
            return null;
        return new InvalidOperationException($"Response Content-Length mismatch: too few bytes written ({_responseBody.Written} of {announced}).");
    }

    private void Reset()
    {
        ResetFeatures();
        _requestBody.Reset();
        _responseBody.Reset();
        _requestHeaders.Reset();
        _responseHeaders.Reset();
        _trailers?.Reset();
        _connection.ResetAddresses();
    }
}
