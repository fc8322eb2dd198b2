using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using Gatehouse.AspNetCore.Requests;
using Gatehouse.Http;
using Gatehouse.Http.Tasks;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols;

namespace Gatehouse.AspNetCore.Bodies;

/// <summary>
/// The body of an answer as a pipe. The application writes into a buffer; a flush hands that over as one piece, which the reactor sends, and the next flush
/// waits until it is sent: two pieces at most are there at a time, which is the back-pressure. An answer that ends before its first piece was taken up goes out
/// whole, with its length: so the usual small answer costs one visit to the reactor and one system call, however often it was flushed. Kept from request to
/// request.
/// </summary>
/// <remarks>
/// Between the application's thread and the reactor: <c>_piece</c> and <c>_rest</c> are set before <c>_isQueued</c> and read behind it, both with full fences;
/// a piece is the reactor's until <c>_flight</c> is 0 again.
/// </remarks>
internal sealed class ResponseBody : PipeWriter, IReactorWork, IValueTaskSource
{
    private const int NoPiece = 0;
    private const int PieceUnderWay = 1;
    private const int PieceAwaited = 2;

    private readonly ApplicationRequest _request;
    private readonly Reactor _reactor;
    private readonly Action _onWritten;
    private ManualResetValueTaskSourceCore<bool> _sent;
    private Exchange _exchange = null!;

    // The application's.
    private PieceBuffer _buffer;
    private bool _isCancelled;

    // Handed over.
    private PieceBuffer _piece;
    private volatile bool _hasPiece;
    private PieceBuffer _rest;
    private volatile bool _isEnding;
    private volatile bool _isDropped;
    private int _flight;
    private int _isQueued;

    // The reactor's.
    private ValueTask _writing;
    private bool _isWriting;
    private bool _isLast;
    private bool _isEnded;

    public ResponseBody(ApplicationRequest request, Reactor reactor)
    {
        _request = request;
        _reactor = reactor;
        _onWritten = OnWritten;
    }

    /// <summary>Bytes that the application has written so far.</summary>
    public long Written { get; private set; }

    /// <summary>True once the answer's end was asked for.</summary>
    public bool IsEnding => _isEnding;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _buffer.Length;

    /// <summary>Starts with the answer to a request.</summary>
    public void Begin(Exchange exchange) => _exchange = exchange;

    /// <summary>Makes the body new for the next answer. On the reactor, when the answer before has ended.</summary>
    public void Reset()
    {
        _exchange = null!;
        Discard();
        Written = 0;
        _isCancelled = _isEnding = _isEnded = _isDropped = _isLast = false;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        ThrowIfEnded();
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        return _buffer.Reserve(sizeHint);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        ThrowIfEnded();
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bytes, (uint)_buffer.Room, nameof(bytes));
        _request.CheckBodyLength(Written + bytes);
        _buffer.Commit(bytes);
        Written += bytes;
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        Append(source.Span);
        return FlushAsync(cancellationToken);
    }

    /// <summary>Copies bytes behind those that wait for a flush.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        bytes.CopyTo(GetSpan(bytes.Length));
        Advance(bytes.Length);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfEnded();
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        if (!_request.HasStarted || _isCancelled || Volatile.Read(ref _flight) != NoPiece)
            return FlushSlowlyAsync(cancellationToken);
        HandOver();
        return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: _request.IsAborted));
    }

    public override void CancelPendingFlush()
    {
        _isCancelled = true;
        StopWaiting();
    }

    public override void Complete(Exception? exception = null)
    {
        // As with Kestrel, whoever completes the pipe ends the answer; a failure is for the application's own exception to tell.
        if (exception is null && !_isEnding)
            _ = _request.CompleteAsync();
    }

    /// <summary>Ends the answer with what is left of it. The head has been made.</summary>
    public void End()
    {
        if (_isEnding)
            return;
        _rest = _buffer.Take();
        _isEnding = true;
        if (_reactor.IsCurrent && !_isWriting)
            Pump();
        else
            Post();
    }

    /// <summary>Ends an answer that began and cannot be finished.</summary>
    public void Drop()
    {
        Discard();
        _isDropped = true;
        End();
    }

    /// <summary>Forgets what was written and not flushed.</summary>
    public void Discard() => _buffer.Release();

    /// <summary>As <see cref="Discard"/>, and begins anew: nothing has been sent.</summary>
    public void Restart()
    {
        Discard();
        Written = 0;
    }

    /// <summary>Completes when the reactor has sent what was handed over.</summary>
    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    public async ValueTask WaitUntilSentAsync()
    {
        while (Volatile.Read(ref _flight) != NoPiece)
            await WaitForPiece();
    }

    /// <summary>Has the reactor look at what there is to do.</summary>
    public void Post()
    {
        if (Interlocked.Exchange(ref _isQueued, 1) == 0 && !_reactor.TryPost(this))
        {
            // The server has ended and its connections with it; nobody waits for ever.
            _request.MarkAborted();
            if (Interlocked.Exchange(ref _flight, NoPiece) == PieceAwaited)
                _sent.SetResult(true);
        }
    }

    void IReactorWork.Run()
    {
        Interlocked.Exchange(ref _isQueued, 0);
        if (!_request.TryComplete() && !_isWriting)
            Pump();
    }

    void IValueTaskSource.GetResult(short token) => _sent.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _sent.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _sent.OnCompleted(continuation, state, token, flags);

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> FlushSlowlyAsync(CancellationToken cancellationToken)
    {
        if (!_request.HasStarted)
            await _request.StartAsync(cancellationToken);
        using (cancellationToken.UnsafeRegister(static state => ((ResponseBody)state!).StopWaiting(), this))
        {
            while (Volatile.Read(ref _flight) != NoPiece && !_isCancelled && !cancellationToken.IsCancellationRequested)
                await WaitForPiece();
        }
        cancellationToken.ThrowIfCancellationRequested();
        if (_isCancelled)
        {
            _isCancelled = false;
            return new FlushResult(isCanceled: true, isCompleted: _request.IsAborted);
        }
        HandOver();
        return new FlushResult(isCanceled: false, isCompleted: _request.IsAborted);
    }

    private void HandOver()
    {
        if (_request.IsAborted)
        {
            Discard();
            return;
        }
        _piece = _buffer.Take();
        _flight = PieceUnderWay;
        _hasPiece = true;
        Post();
    }

    private ValueTask WaitForPiece()
    {
        _sent.Reset();
        _sent.RunContinuationsAsynchronously = !_reactor.IsCurrent;
        return Interlocked.CompareExchange(ref _flight, PieceAwaited, PieceUnderWay) == PieceUnderWay ? new ValueTask(this, _sent.Version) : default;
    }

    private void StopWaiting()
    {
        if (Interlocked.CompareExchange(ref _flight, PieceUnderWay, PieceAwaited) == PieceAwaited)
            _sent.SetResult(false);
    }

    // Sends what was handed over, until it must wait or there is nothing left. On the reactor.
    private void Pump()
    {
        while (true)
        {
            try
            {
                if (!TryWrite(out _writing))
                    return;
                if (!_writing.IsCompleted)
                {
                    _isWriting = true;
                    _writing.GetAwaiter().UnsafeOnCompleted(_onWritten);
                    return;
                }
                _writing.GetAwaiter().GetResult();
            }
            catch (Exception exception)
            {
                OnFailed(exception);
            }
            if (!GoOn())
                return;
        }
    }

    private void OnWritten()
    {
        _isWriting = false;
        try
        {
            _writing.GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            OnFailed(exception);
        }
        if (GoOn())
            Pump();
    }

    private bool TryWrite(out ValueTask task)
    {
        task = default;
        var isEnding = _isEnding;
        _isLast = false;
        if (_hasPiece)
        {
            var piece = _piece.Written;
            _isLast = isEnding && _rest.Length == 0;
            if (_isDropped && _isLast)
                _exchange.Abort();
            else if (!_request.IsAborted)
                task = _isLast ? Finish(piece) : _exchange.WriteAsync(piece);
            return true;
        }
        if (!isEnding || _isEnded)
            return false;
        _isLast = true;
        if (_isDropped)
            _exchange.Abort();
        else if (!_request.IsAborted && !_request.IsUpgraded)
            task = Finish(_rest.Written);
        return true;
    }

    private ValueTask Finish(ReadOnlyMemory<byte> bytes)
    {
        // What a HEAD would have been answered with counts only where the application did not say how long it is.
        var response = _exchange.Response;
        if (_exchange.Request.Method == Method.Head && response is { HasStarted: false, ContentLength: < 0 })
            response.ContentLength = bytes.Length;
        if (bytes.IsEmpty || _exchange.Request.Method == Method.Head)
            return _exchange.CompleteAsync();
        // HTTP/1 has trailers only where the length is not told beforehand.
        return response.HasTrailers ? FinishWithTrailersAsync(bytes) : _exchange.SendAsync(bytes);
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private async ValueTask FinishWithTrailersAsync(ReadOnlyMemory<byte> bytes)
    {
        await _exchange.WriteAsync(bytes);
        await _exchange.CompleteAsync();
    }

    // The write is over. False when that was the last: the request may be another by then.
    private bool GoOn()
    {
        if (_hasPiece)
        {
            _piece.Release();
            _hasPiece = false;
            if (Interlocked.Exchange(ref _flight, NoPiece) == PieceAwaited)
                _sent.SetResult(true);
        }
        if (!_isLast)
            return true;
        _rest.Release();
        _isEnded = true;
        _request.EndPart();
        return false;
    }

    private void OnFailed(Exception exception)
    {
        if (exception is not BadRequestException { Status: 499 })
        {
            _request.OnAnswerFailed(exception);
            _exchange.Abort();
        }
        _request.MarkAborted();
    }

    private void ThrowIfEnded()
    {
        _request.ThrowIfEnded();
        if (_isEnding)
            throw new InvalidOperationException("Writing is not allowed after writer was completed.");
    }
}
