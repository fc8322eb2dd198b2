using Gatehouse.Net.Reactors;

namespace Gatehouse.Http.Server.Http1;

/// <summary>The reading side: the request's body, 100 (Continue), and the wait for bytes.</summary>
internal sealed partial class Http1Exchange
{
    private readonly ReactorWait<int> _read = new();
    private Memory<byte> _readBuffer;
    private bool _owesContinue;
    private bool _hasNews;
    private long _waitStarted;
    private long _waited;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        if (buffer.IsEmpty)
            return new ValueTask<int>(0);
        if (_read.IsPending)
            throw new InvalidOperationException("A read of the request's body is under way; await it before the next.");
        if (!Reactor.IsCurrent)
            return _readPost.Post(buffer);
        try
        {
            return TryRead(buffer.Span, out var count) ? new ValueTask<int>(count) : WaitToRead(buffer);
        }
        catch (BadRequestException exception)
        {
            return ValueTask.FromException<int>(exception);
        }
    }

    /// <summary>Bytes or the end can be read from the connection.</summary>
    public void OnReadable()
    {
        if (!_read.IsPending || _readPost.IsQueued)
        {
            _hasNews = true;
            return;
        }
        var count = 0;
        try
        {
            // A wait without a buffer is only for the news.
            if (!_readBuffer.IsEmpty && !TryRead(_readBuffer.Span, out count))
                return;
            NoteWaited();
        }
        catch (BadRequestException exception)
        {
            FailRead(exception);
            return;
        }
        _readBuffer = default;
        _read.SetResult(count);
    }

    /// <summary>A wait for the body has lasted too long.</summary>
    public void OnReadTimer()
    {
        // Read and write may wait at once and share the timer: now it is the write's alone.
        if (_write.IsPending)
            _connection.Arm(_connection.Limits.WriteTime);
        FailRead(408, $"no byte of the request's body within {BodyTime.TotalSeconds:0.###} s");
    }

    private void BeginRead()
    {
        _owesContinue = Request.ExpectsContinue;
        _waited = 0;
        _hasNews = false;
    }

    private bool TryRead(Span<byte> buffer, out int count)
    {
        if (_tunnel is not null)
            return TryReadTunnel(buffer, out count);
        try
        {
            // A body that announces too much is refused before it is asked for (RFC 9110 section 10.1.1).
            if (Request.ContentLength > BodyLimit)
                throw Http1RequestBody.TooLarge(BodyLimit);
            if (_owesContinue && !Body.IsComplete)
                SendContinue();
            count = Body.Read(buffer, BodyLimit);
        }
        catch (BadRequestException)
        {
            // Even when the handler answers nevertheless: where the next request starts is not known.
            KeepsAlive = false;
            throw;
        }
        if (count == Http1RequestBody.WouldBlock)
            return false;
        if (Body.IsComplete)
            Request.Trailers = Body.Trailers;
        return true;
    }

    private ValueTask<int> WaitToRead(Memory<byte> buffer)
    {
        _read.Begin(resumeInline: true);
        AwaitReadable(buffer);
        return _read.Task;
    }

    private void AwaitReadable(Memory<byte> buffer)
    {
        _readBuffer = buffer;
        if (_tunnel is not null)
            return;
        _waitStarted = Reactor.Now;
        _connection.Arm(BodyTime);
    }

    // A body that trickles in byte by byte resets the time-out between reads each time; the average rate over the time that we waited for it ends that.
    private void NoteWaited()
    {
        if (_tunnel is not null)
            return;
        _waited += Reactor.Now - _waitStarted;
        var limits = _connection.Limits;
        if (!Body.IsComplete && _waited > limits.RateGrace.TotalMilliseconds && Body.Received * 1000 < limits.MinimumRate * _waited)
            throw new BadRequestException(408, $"the request's body came at less than {limits.MinimumRate} bytes per second");
    }

    // Ends a read that waits on the reactor; one that another thread has only just asked for finds out when its turn comes.
    private void FailRead(int status, string message)
    {
        if (_read.IsPending && !_readPost.IsQueued)
            FailRead(new BadRequestException(status, message));
    }

    private void FailRead(BadRequestException exception)
    {
        _readBuffer = default;
        _read.SetException(exception);
    }

    private void SendContinue()
    {
        _owesContinue = false;
        if (Response.HasStarted)
            return;
        _connection.Output.Append("HTTP/1.1 100 Continue\r\n\r\n"u8);
        FlushNow();
    }
}
