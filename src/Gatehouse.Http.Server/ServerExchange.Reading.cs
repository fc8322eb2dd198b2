using Gatehouse.Net.Reactors;

namespace Gatehouse.Http.Server;

/// <summary>The reading side: the request's body and the wait for bytes.</summary>
internal abstract partial class ServerExchange
{
    private readonly ReactorWait<int> _read = new();
    private Memory<byte> _readBuffer;
    private long _waitStarted;
    private long _waited;

    /// <summary>True when the handler waits on the reactor for bytes of the body.</summary>
    public bool IsReading => _read.IsPending && !_readPost.IsQueued && _tunnel is null;

    /// <summary>True when a tunnel has met the client's end.</summary>
    public bool HasClientEnded { get; private protected set; }

    /// <summary>True when bytes came that no read was waiting for.</summary>
    private protected bool HasNews { get; set; }

    /// <summary>True when the handler still has to be sent 100 (Continue) for.</summary>
    private protected bool OwesContinue { get; set; }

    /// <summary>True when the whole body has been read.</summary>
    protected abstract bool IsBodyComplete { get; }

    /// <summary>Bytes of the body that were read.</summary>
    protected abstract long BodyReceived { get; }

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
            HasNews = true;
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

    /// <summary>Ends a read that has waited for the body too long.</summary>
    protected void FailReadInTime() => FailRead(408, $"no byte of the request's body within {BodyTime.TotalSeconds:0.###} s");

    /// <summary>Reads what is there: a count, 0 at the end. False when there is nothing yet.</summary>
    /// <exception cref="BadRequestException">The body is at fault, or the connection broke.</exception>
    protected bool TryRead(Span<byte> buffer, out int count)
    {
        if (_tunnel is not null)
            return TryReadTunnel(buffer, out count);
        // A body that announces too much is refused before it is asked for (RFC 9110 section 10.1.1).
        if (Request.ContentLength > BodyLimit)
        {
            OnBodyRefused();
            throw TooLarge(BodyLimit);
        }
        if (OwesContinue && !IsBodyComplete)
        {
            OwesContinue = false;
            if (!Response.HasStarted)
                SendContinue();
        }
        return TryReadBody(buffer, out count);
    }

    /// <summary>What a body over its limit is answered with.</summary>
    public static BadRequestException TooLarge(long limit) => new(413, $"the request's body is longer than the limit of {limit} bytes");

    /// <summary>Reads of the body what is there, as <see cref="TryRead"/>.</summary>
    protected abstract bool TryReadBody(Span<byte> buffer, out int count);

    /// <summary>The body will not be read, as it announces too much.</summary>
    protected virtual void OnBodyRefused()
    {
    }

    /// <summary>Sends 100 (Continue).</summary>
    protected abstract void SendContinue();

    /// <summary>Sets the deadline of a read that begins to wait.</summary>
    protected abstract void ArmRead();

    private void BeginRead()
    {
        OwesContinue = Request.ExpectsContinue;
        _waited = 0;
        HasNews = false;
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
        ArmRead();
    }

    // A body that trickles in byte by byte resets the time-out between reads each time; the average rate over the time that we waited for it ends that.
    private void NoteWaited()
    {
        if (_tunnel is not null)
            return;
        _waited += Reactor.Now - _waitStarted;
        if (!IsBodyComplete && BodyRate.IsMissed(BodyReceived, _waited))
            throw new BadRequestException(408, $"the request's body came at less than {BodyRate.BytesPerSecond} bytes per second");
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
}
