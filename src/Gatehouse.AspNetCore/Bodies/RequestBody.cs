using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using Gatehouse.AspNetCore.Requests;
using Gatehouse.Http;

namespace Gatehouse.AspNetCore.Bodies;

/// <summary>
/// The body of a request as a pipe: one buffer that is filled from the exchange when more is asked for than it holds, so that nothing is read ahead of the
/// application. After a switch of protocols it reads the tunnel. Kept from request to request.
/// </summary>
internal sealed class RequestBody(ApplicationRequest request) : PipeReader, IValueTaskSource<ReadResult>
{
    private const int SmallestBuffer = 4 * 1024;
    private const int UsualBuffer = 16 * 1024;
    private const int LargestBuffer = 64 * 1024;

    private readonly Lock _lock = new();
    private ManualResetValueTaskSourceCore<ReadResult> _core;
    private Action? _onFilled;
    private Exchange? _exchange;
    private Duplex? _tunnel;
    private ValueTask<int> _fill;
    private byte[]? _buffer;
    private int _start;
    private int _end;
    private int _examined;
    private long _expected;
    private Exception? _fault;
    private bool _isFilling;
    private bool _isWaiting;
    private bool _isCancelled;
    private bool _isAtEnd;
    private bool _isCompleted;
    private CancellationToken _cancellation;
    private CancellationTokenRegistration _registration;

    /// <summary>True while the exchange reads into the buffer: neither may be another request's before that has ended.</summary>
    public bool IsFilling
    {
        get
        {
            lock (_lock)
                return _isFilling;
        }
    }

    /// <summary>True when something was read, or asked for.</summary>
    public bool HasBegun { get; private set; }

    private int Unexamined => _end - _examined;

    /// <summary>Starts with the body of a request.</summary>
    public void Begin(Exchange exchange)
    {
        _exchange = exchange;
        _expected = exchange.Request.ContentLength;
        _isAtEnd = _expected == 0;
    }

    /// <summary>Goes on with the bytes of a tunnel.</summary>
    public void Enter(Duplex tunnel)
    {
        _tunnel = tunnel;
        _expected = -1;
        _isAtEnd = _isCompleted = false;
    }

    /// <summary>Makes the body new for the next request. Only when it is not <see cref="IsFilling"/>.</summary>
    public void Reset()
    {
        ReleaseBuffer();
        _exchange = null;
        _tunnel = null;
        _fault = null;
        _isWaiting = _isCancelled = _isAtEnd = _isCompleted = HasBegun = false;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        lock (_lock)
        {
            if (TryTake(out var result))
                return new ValueTask<ReadResult>(result);
            if (_isWaiting)
                throw new InvalidOperationException("A read of the request's body is under way; await it before the next.");
            _core.Reset();
            _core.RunContinuationsAsynchronously = false;
            _isWaiting = true;
            _cancellation = cancellationToken;
        }
        if (cancellationToken.CanBeCanceled)
            _registration = cancellationToken.UnsafeRegister(static state => ((RequestBody)state!).OnCancelled(), this);
        var task = new ValueTask<ReadResult>(this, _core.Version);
        Fill();
        return task;
    }

    public override bool TryRead(out ReadResult result)
    {
        lock (_lock)
            return TryTake(out result);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        lock (_lock)
        {
            // An empty result has no bytes to move over.
            if (_buffer is null || !ReferenceEquals(consumed.GetObject(), _buffer))
                return;
            var to = consumed.GetInteger() & int.MaxValue;
            var seen = examined.GetInteger() & int.MaxValue;
            if (to < _start || to > _end || seen < to || seen > _end)
                throw new ArgumentOutOfRangeException(nameof(consumed), "The position is not one of the bytes that the last read gave.");
            _start = to;
            _examined = Math.Max(_examined, seen);
            if (_start == _end && !_isFilling)
                _start = _end = _examined = 0;
        }
    }

    public override void CancelPendingRead()
    {
        lock (_lock)
        {
            if (!_isWaiting)
            {
                _isCancelled = true;
                return;
            }
            _isWaiting = false;
        }
        // The reader does not run on the thread of who cancels.
        _core.RunContinuationsAsynchronously = true;
        _core.SetResult(new ReadResult(Buffered(), isCanceled: true, _isAtEnd));
    }

    public override void Complete(Exception? exception = null)
    {
        lock (_lock)
        {
            _isCompleted = true;
            if (!_isFilling)
                ReleaseBuffer();
        }
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        _registration.Dispose();
        _registration = default;
        return _core.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    // What a read can be answered with at once.
    private bool TryTake(out ReadResult result)
    {
        request.ThrowIfEnded();
        if (_isCompleted)
            throw new InvalidOperationException("Reading is not allowed after reader was completed.");
        HasBegun = true;
        if (_isCancelled)
        {
            _isCancelled = false;
            result = new ReadResult(Buffered(), isCanceled: true, _isAtEnd);
            return true;
        }
        if (Unexamined > 0 || _isAtEnd)
        {
            result = new ReadResult(Buffered(), isCanceled: false, _isAtEnd);
            return true;
        }
        if (_fault is not null)
            throw _fault;
        result = default;
        return false;
    }

    private ReadOnlySequence<byte> Buffered() => _end == _start ? default : new ReadOnlySequence<byte>(_buffer!, _start, _end - _start);

    // Has the exchange read, unless it does already for a read that was cancelled.
    private void Fill()
    {
        lock (_lock)
        {
            if (_isFilling)
                return;
            _isFilling = true;
            MakeRoom();
        }
        request.OnBodyRead();
        try
        {
            var room = _buffer.AsMemory(_end);
            _fill = _tunnel is null ? _exchange!.ReadAsync(room) : _tunnel.ReadAsync(room);
        }
        catch (Exception exception)
        {
            _fill = ValueTask.FromException<int>(exception);
        }
        var awaiter = _fill.GetAwaiter();
        if (awaiter.IsCompleted)
            OnFilled();
        else
            awaiter.UnsafeOnCompleted(_onFilled ??= OnFilled);
    }

    private void OnFilled()
    {
        Exception? fault = null;
        var count = 0;
        try
        {
            count = _fill.GetAwaiter().GetResult();
        }
        catch (BadRequestException exception)
        {
            fault = BodyFaults.Translate(exception);
        }
        catch (Exception exception)
        {
            fault = exception;
        }
        lock (_lock)
        {
            _fill = default;
            _isFilling = false;
            _end += count;
            _fault = fault;
            if (fault is null)
                _isAtEnd = count == 0 || (_expected > 0 && (_expected -= count) == 0);
            if (!_isWaiting)
                return;
            _isWaiting = false;
        }
        if (fault is not null)
            _core.SetException(fault);
        else
            _core.SetResult(new ReadResult(Buffered(), isCanceled: false, _isAtEnd));
    }

    private void OnCancelled()
    {
        lock (_lock)
        {
            if (!_isWaiting || !_cancellation.IsCancellationRequested)
                return;
            _isWaiting = false;
        }
        _core.RunContinuationsAsynchronously = true;
        _core.SetException(new OperationCanceledException(_cancellation));
    }

    private void MakeRoom()
    {
        if (_buffer is null)
        {
            var size = _expected < 0 ? UsualBuffer : (int)Math.Clamp(_expected, SmallestBuffer, LargestBuffer);
            _buffer = ArrayPool<byte>.Shared.Rent(size);
            _start = _end = _examined = 0;
            return;
        }
        if (_buffer.Length - _end >= Math.Min(1024, _buffer.Length / 2))
            return;
        // What the application has looked at and not taken stays in front of what comes.
        var kept = _end - _start;
        var buffer = _buffer;
        if (kept > _buffer.Length / 2)
            buffer = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(_start, kept).CopyTo(buffer);
        if (!ReferenceEquals(buffer, _buffer))
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = buffer;
        _examined -= _start;
        _start = 0;
        _end = kept;
    }

    private void ReleaseBuffer()
    {
        if (_buffer is not null)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
        _start = _end = _examined = 0;
    }
}
