using Gatehouse.Net.Buffers;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Http1;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Http.Server.Http1;

/// <summary>The writing side: head and framing of the body.</summary>
internal sealed partial class Http1Exchange
{
    private bool _isChunked;
    private bool _owesChunkEnd;

    private protected override void BeginWrite()
    {
        base.BeginWrite();
        _isChunked = false;
        _owesChunkEnd = false;
    }

    protected override void StartInterim(int status, HeaderList headers)
    {
        ThrowIfBroken();
        Http1ResponseHead.WriteInterim(_connection.Output, status, headers);
        FlushNow();
    }

    protected override bool StartWrite(ReadOnlyMemory<byte> data, bool end)
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
            EndChunkedBody();
        // The last bytes of an answer given while the driver's loop is on the stack go out with those of pipelined ones behind it.
        if (end && !output.HasForeign && _connection.IsDispatching)
            return true;
        return FlushNow() || (end && !output.HasForeign);
    }

    protected override bool StartFile(SafeFileHandle file, long offset, long count)
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

    protected override bool ContinueWrite() => !_owesChunkEnd || FlushNow();

    private void WriteHeadOnce()
    {
        if (IsHeadWritten)
            return;
        IsHeadWritten = true;
        var status = Response.Status;
        var length = Response.ContentLength;
        var hasNoBody = Request.Method == Method.Head || status is 204 or 304;
        // To the client a 2xx to CONNECT is the start of a tunnel, whose bytes have no framing and are not requests (RFC 9110 section 9.3.6).
        var isTunnel = Request.Method == Method.Connect && status < 300;
        if (status == 204 || isTunnel)
            length = -1;
        BeginBody(length, hasNoBody);
        ReadOnlySpan<byte> framing = default;
        if (length < 0 && !hasNoBody)
        {
            _isChunked = Request.Version == HttpVersion.Http11 && !isTunnel;
            if (_isChunked)
                framing = "Transfer-Encoding: chunked\r\n"u8;
            else
                KeepsAlive = false;
        }
        // An unsent 100 leaves the client free to send the body or not: the framing of what follows is not known (RFC 9110 section 10.1.1).
        if (OwesContinue || isTunnel || Owner.IsDraining || Response.ClosesConnection)
            KeepsAlive = false;
        // Who refuses a request will not read its body, and more of it than is read away ends the connection: the client is told before it sends the next there.
        if (status >= 400 && Request.ContentLength - Body.Received > Http1Connection.DrainLimit)
            KeepsAlive = false;
        ReadOnlySpan<byte> connection = default;
        if (!KeepsAlive)
            connection = "Connection: close\r\n"u8;
        else if (Request.Version == HttpVersion.Http10)
            connection = "Connection: keep-alive\r\n"u8;
        Http1ResponseHead.Write(_connection.Output, Response, Owner.Date, Reactor.Now, length, framing, connection);
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

    private void EndChunkedBody()
    {
        EndBody();
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
}
