using Gatehouse.Net.Buffers;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Http1;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Http.Server.Http1;

/// <summary>The writing side: head, framing of the body, and the wait for the transport.</summary>
internal sealed partial class Http1Exchange
{
    // The length of a chunk is an int.
    private const long FilePart = 1 << 30;

    private readonly ReactorWait<bool> _write = new();
    private bool _isHeadWritten;
    private bool _isChunked;
    private bool _hasNoBody;
    private long _left;
    private bool _owesChunkEnd;

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

    /// <summary>All that was pending has been sent.</summary>
    public void OnFlushed() => CompleteWrite();

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

    // Done at once even when it cannot go out yet: it stands in the buffer before the answer.
    private bool StartInterim(int status, HeaderList headers)
    {
        ThrowIfBroken();
        Http1ResponseHead.WriteInterim(_connection.Output, status, headers);
        FlushNow();
        return true;
    }

    private void BeginWrite()
    {
        _isHeadWritten = false;
        _isChunked = false;
        _hasNoBody = false;
        _owesChunkEnd = false;
        _left = 0;
        HasClientEnded = false;
    }

    // True when the write is done as far as its caller is concerned.
    private bool StartWrite(ReadOnlyMemory<byte> data, bool end)
    {
        if (IsAnswered)
            return data.IsEmpty ? true : throw AnswerHasEnded();
        ThrowIfBroken();
        var output = _connection.Output;
        WriteHeadOnce();
        if (!data.IsEmpty && CountBody(data.Length))
        {
            if (_isChunked)
                WriteChunkHead(data.Length);
            if (data.Length <= OutputBuffer.CopyLimit)
                output.Append(data.Span);
            else
                output.Attach(data);
            if (_isChunked)
                EndChunk();
        }
        if (end)
            EndBody();
        // The last bytes of an answer given while the driver's loop is on the stack go out with those of pipelined ones behind it.
        if (end && !output.HasForeign && _connection.IsDispatching)
            return true;
        return FlushNow() || (end && !output.HasForeign);
    }

    private bool StartFile(SafeFileHandle file, long offset, long count)
    {
        if (IsAnswered)
            throw AnswerHasEnded();
        ThrowIfBroken();
        WriteHeadOnce();
        if (count == 0 || !CountBody(count))
            return true;
        if (_isChunked)
            WriteChunkHead((int)count);
        _connection.Output.Attach(file, offset, count);
        if (_isChunked)
            EndChunk();
        return FlushNow();
    }

    // False when the body must not be sent (HEAD, 204, 304) and is only counted.
    private bool CountBody(long count)
    {
        if (_hasNoBody)
            return false;
        if (!_isChunked && _left >= 0)
        {
            if (count > _left)
            {
                Notes.Failure ??= $"the answer goes on {count - _left} bytes behind its announced length";
                _connection.Kill();
                throw new InvalidOperationException($"The body is longer than the announced Content-Length of {Response.ContentLength}.");
            }
            _left -= count;
        }
        Response.BodyBytes += count;
        return true;
    }

    private void WriteHeadOnce()
    {
        if (_isHeadWritten)
            return;
        _isHeadWritten = true;
        var status = Response.Status;
        var length = Response.ContentLength;
        _hasNoBody = Request.Method == Method.Head || status is 204 or 304;
        // To the client a 2xx to CONNECT is the start of a tunnel, whose bytes have no framing and are not requests (RFC 9110 section 9.3.6).
        var isTunnel = Request.Method == Method.Connect && status < 300;
        if (status == 204 || isTunnel)
            length = -1;
        _left = length;
        ReadOnlySpan<byte> framing = default;
        if (length < 0 && !_hasNoBody)
        {
            _isChunked = Request.Version == HttpVersion.Http11 && !isTunnel;
            if (_isChunked)
                framing = "Transfer-Encoding: chunked\r\n"u8;
            else
                KeepsAlive = false;
        }
        // An unsent 100 leaves the client free to send the body or not: the framing of what follows is not known (RFC 9110 section 10.1.1).
        if (_owesContinue || isTunnel || _connection.Owner.IsDraining)
            KeepsAlive = false;
        ReadOnlySpan<byte> connection = default;
        if (!KeepsAlive)
            connection = "Connection: close\r\n"u8;
        else if (Request.Version == HttpVersion.Http10)
            connection = "Connection: keep-alive\r\n"u8;
        Http1ResponseHead.Write(_connection.Output, Response, _owner.Date, Reactor.Now, length, framing, connection);
    }

    private void WriteChunkHead(int count)
    {
        var output = _connection.Output;
        var at = 0;
        Http1Writer.TryChunkHead(output.Reserve(20), ref at, count);
        output.Commit(at);
    }

    // The CRLF behind a chunk joins the buffer at once when the chunk was copied there, else once the foreign bytes are out.
    private void EndChunk()
    {
        if (_connection.Output.HasForeign)
            _owesChunkEnd = true;
        else
            _connection.Output.Append("\r\n"u8);
    }

    private void EndBody()
    {
        if (!_isChunked && !_hasNoBody && _left > 0)
        {
            Notes.Failure ??= $"the answer ended {_left} bytes before its announced length";
            _connection.Kill();
            throw new InvalidOperationException($"The body is {_left} bytes shorter than the announced Content-Length of {Response.ContentLength}.");
        }
        IsAnswered = true;
        if (_isChunked && !_connection.Output.HasForeign)
            WriteLastChunk();
    }

    private void WriteLastChunk()
    {
        var output = _connection.Output;
        if (!Response.HasTrailers)
        {
            output.Append("0\r\n\r\n"u8);
            return;
        }
        output.Append("0\r\n"u8);
        for (var i = 0; i < Response.Trailers.Count; i++)
        {
            var field = Response.Trailers[i];
            output.Append(field.Name);
            output.Append(": "u8);
            output.Append(field.Value);
            output.Append("\r\n"u8);
        }
        output.Append("\r\n"u8);
    }

    // Sends what it can, foreign bytes and the chunk end behind them included. True when nothing is left.
    private bool FlushNow()
    {
        if (!_connection.TryFlush())
            return false;
        if (!_owesChunkEnd)
            return true;
        _owesChunkEnd = false;
        _connection.Output.Append("\r\n"u8);
        if (IsAnswered)
            WriteLastChunk();
        return FlushNow();
    }

    private ValueTask WaitToWrite()
    {
        ThrowIfBroken();
        _write.Begin(resumeInline: true);
        return _write.Completion;
    }

    private void CompleteWrite()
    {
        if (!_write.IsPending || _writePost.IsQueued)
            return;
        if (_connection.IsBroken)
            _write.SetException(new BadRequestException(499, Broke));
        else if (!_owesChunkEnd || FlushNow())
            _write.SetResult(true);
        else
            return;
        ContinueEnd();
    }

    private void ThrowIfBroken()
    {
        if (_connection.IsBroken)
            throw new BadRequestException(499, Broke);
    }

    private void ThrowIfWriting()
    {
        if (_write.IsPending)
            throw new InvalidOperationException("A write is under way; await it before the next.");
    }

    private static InvalidOperationException AnswerHasEnded() => new("The answer has ended; nothing more can be sent.");
}
