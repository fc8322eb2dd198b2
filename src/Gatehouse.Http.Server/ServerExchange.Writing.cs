using Gatehouse.Net.Reactors;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Http.Server;

/// <summary>The writing side: one write at a time, what the body may have, and the wait until the transport has it.</summary>
internal abstract partial class ServerExchange
{
    // What one call takes of a file; the length of a chunk is an int.
    private const long FilePart = 1 << 30;

    private readonly ReactorWait<bool> _write = new();
    private long _left;

    /// <summary>True while a write is under way.</summary>
    protected bool IsWriting => _write.IsPending;

    /// <summary>True when a body may be given and is not sent (HEAD, 204, 304).</summary>
    protected bool HasNoBody { get; private set; }

    /// <summary>True once the head is in the output.</summary>
    protected bool IsHeadWritten { get; set; }

    public override ValueTask SendInterimAsync(int status, HeaderList headers)
    {
        if (status is < 100 or > 199 or 101)
            throw new ArgumentOutOfRangeException(nameof(status), status, "An interim answer is a 1xx other than 101.");
        if (Request.Version == HttpVersion.Http10 || Response.HasStarted)
            return default;
        ThrowIfWriting();
        if (!Reactor.IsCurrent)
            return _writePost.Post(WriteKind.Interim, default, null, status, 0, headers);
        StartInterim(status, headers);
        return default;
    }

    protected override ValueTask WriteCoreAsync(ReadOnlyMemory<byte> data, bool end)
    {
        ThrowIfWriting();
        if (!Reactor.IsCurrent)
            return _writePost.Post(end ? WriteKind.LastData : WriteKind.Data, data, null, 0, 0, null);
        return StartWrite(data, end) ? default : WaitToWrite();
    }

    protected override ValueTask SendFileCoreAsync(SafeFileHandle file, long offset, long count)
    {
        if (count > FilePart)
            return SendFilePartsAsync(file, offset, count);
        ThrowIfWriting();
        if (!Reactor.IsCurrent)
            return _writePost.Post(WriteKind.File, default, file, offset, count, null);
        return StartFile(file, offset, count) ? default : WaitToWrite();
    }

    /// <summary>All that was pending has been sent.</summary>
    public void OnFlushed() => CompleteWrite();

    /// <summary>Puts an interim answer into the output. Done at once even when it cannot go out yet.</summary>
    protected abstract void StartInterim(int status, HeaderList headers);

    /// <summary>True when the write is done as far as its caller is concerned.</summary>
    protected abstract bool StartWrite(ReadOnlyMemory<byte> data, bool end);

    /// <inheritdoc cref="StartWrite"/>
    protected abstract bool StartFile(SafeFileHandle file, long offset, long count);

    /// <summary>What <see cref="CompleteWrite"/> still has to do before the write is done; true when nothing is left.</summary>
    protected virtual bool ContinueWrite() => true;

    /// <summary>The body that the answer announces: a length, or -1.</summary>
    protected void BeginBody(long length, bool hasNoBody)
    {
        _left = length;
        HasNoBody = hasNoBody;
    }

    /// <summary>False when the body must not be sent (HEAD, 204, 304) and is only counted.</summary>
    protected bool CountBody(long count)
    {
        if (HasNoBody)
            return false;
        if (_left >= 0)
        {
            if (count > _left)
            {
                Notes.Failure ??= $"the answer goes on {count - _left} bytes behind its announced length";
                Drop();
                throw new InvalidOperationException($"The body is longer than the announced Content-Length of {Response.ContentLength}.");
            }
            _left -= count;
        }
        Response.BodyBytes += count;
        return true;
    }

    /// <summary>The body ends here: the answer is complete.</summary>
    protected void EndBody()
    {
        if (!HasNoBody && _left > 0)
        {
            Notes.Failure ??= $"the answer ended {_left} bytes before its announced length";
            Drop();
            throw new InvalidOperationException($"The body is {_left} bytes shorter than the announced Content-Length of {Response.ContentLength}.");
        }
        IsAnswered = true;
    }

    /// <summary>Ends the wait of a write, with success or because the connection broke.</summary>
    protected void CompleteWrite()
    {
        if (!_write.IsPending || _writePost.IsQueued)
            return;
        if (IsAborted)
            _write.SetException(new BadRequestException(499, Broke));
        else if (ContinueWrite())
            _write.SetResult(true);
        else
            return;
        ContinueEnd();
    }

    /// <summary>Ends the wait of a write with a failure.</summary>
    protected void FailWrite(Exception exception)
    {
        if (!_write.IsPending || _writePost.IsQueued)
            return;
        _write.SetException(exception);
        ContinueEnd();
    }

    protected void ThrowIfBroken()
    {
        if (IsAborted)
            throw new BadRequestException(499, Broke);
    }

    protected static InvalidOperationException AnswerHasEnded() => new("The answer has ended; nothing more can be sent.");

    private protected virtual void BeginWrite()
    {
        IsHeadWritten = false;
        HasNoBody = false;
        _left = 0;
    }

    private async ValueTask SendFilePartsAsync(SafeFileHandle file, long offset, long count)
    {
        while (count > 0)
        {
            var part = Math.Min(count, FilePart);
            await SendFileCoreAsync(file, offset, part);
            offset += part;
            count -= part;
        }
    }

    private ValueTask WaitToWrite()
    {
        ThrowIfBroken();
        _write.Begin(resumeInline: true);
        return _write.Completion;
    }

    private void ThrowIfWriting()
    {
        if (_write.IsPending)
            throw new InvalidOperationException("A write is under way; await it before the next.");
    }
}
