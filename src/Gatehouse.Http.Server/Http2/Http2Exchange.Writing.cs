using Gatehouse.Net.Timers;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Http2;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Http.Server.Http2;

/// <summary>The writing side: the head, and a part of the body that waits for its turn and its windows.</summary>
internal sealed partial class Http2Exchange
{
    private Http2Window _sendWindow;
    private ReadOnlyMemory<byte> _data;
    private SafeFileHandle? _file;
    private long _fileOffset;
    private long _fileCount;
    private bool _endsBehind;
    private long _writeDeadline = ReactorNever;
    private ReaderRate _rate;
    private long _sent;

    /// <summary>Bytes that wait to be sent.</summary>
    public long Pending => _data.Length + _fileCount;

    /// <summary>True when the last frame of what waits ends the stream.</summary>
    public bool EndsBehind => _endsBehind;

    /// <summary>What the client lets this stream send.</summary>
    public int SendWindow => _sendWindow.Available;

    /// <summary>The client opened the window, or changed the size that windows start with. False when it became too large.</summary>
    public bool TryOpenWindow(long increment) => _sendWindow.TryAdd(increment);

    /// <summary>Puts the next <paramref name="count"/> bytes of what waits into a frame.</summary>
    /// <returns>False when the file that they are in has become shorter.</returns>
    public bool TryTake(Span<byte> destination, int count)
    {
        _sendWindow.TryTake(count);
        _sent += count;
        if (_file is null)
        {
            _data.Span[..count].CopyTo(destination);
            _data = _data[count..];
            return true;
        }
        for (var read = 0; read < count;)
        {
            var part = RandomAccess.Read(_file, destination[read..count], _fileOffset);
            if (part == 0)
                return false;
            read += part;
            _fileOffset += part;
        }
        _fileCount -= count;
        if (_fileCount == 0)
            _file = null;
        return true;
    }

    /// <summary>All that waited is in the output.</summary>
    public void OnSent()
    {
        _writeDeadline = ReactorNever;
        _rate.Clear();
        if (_endsBehind)
            EndStream();
        _endsBehind = false;
        OnFlushed();
    }

    /// <summary>This side of the stream has ended.</summary>
    public void EndStream() => IsLocalClosed = true;

    void ITimerTarget.OnTimer()
    {
        var now = Reactor.Now;
        if (now >= _readDeadline)
        {
            _readDeadline = ReactorNever;
            var generation = Generation;
            if (IsReading)
                FailReadInTime();
            if (generation != Generation)
                return;
        }
        if (now >= _writeDeadline)
        {
            _writeDeadline = ReactorNever;
            if (Pending > 0 && !IsAborted)
                OnWriteTimer();
        }
        Rearm();
    }

    protected override void StartInterim(int status, HeaderList headers)
    {
        ThrowIfBroken();
        _connection.SendInterim(this, status, headers);
    }

    protected override bool StartWrite(ReadOnlyMemory<byte> data, bool end)
    {
        if (IsAnswered)
            return data.IsEmpty ? true : throw AnswerHasEnded();
        ThrowIfBroken();
        WriteHeadOnce(isEmpty: data.IsEmpty, end);
        var hasData = !data.IsEmpty && CountBody(data.Length);
        if (end)
            EndBody();
        if (hasData)
            _data = data;
        else if (!end || IsLocalClosed)
            return FlushBehind();
        _endsBehind = end;
        return _connection.Send(this);
    }

    protected override bool StartFile(SafeFileHandle file, long offset, long count)
    {
        if (IsAnswered)
            throw AnswerHasEnded();
        ThrowIfBroken();
        WriteHeadOnce(isEmpty: count == 0, end: false);
        if (count == 0 || !CountBody(count))
            return FlushBehind();
        _file = file;
        _fileOffset = offset;
        _fileCount = count;
        return _connection.Send(this);
    }

    protected override bool SendTunnelHead()
    {
        BeginBody(-1, hasNoBody: false);
        Http2ResponseHead.Write(
            _connection.Output, _connection.Encoder, Stream, Response, Response.Status == 101 ? 200 : Response.Status, Owner.Date, Reactor.Now, -1, isEnd: false);
        return FlushBehind();
    }

    protected override bool WriteTunnel(ReadOnlyMemory<byte> data)
    {
        ThrowIfBroken();
        Response.BodyBytes += data.Length;
        if (data.IsEmpty)
            return true;
        _data = data;
        return _connection.Send(this);
    }

    protected override bool ShutdownTunnel()
    {
        ThrowIfBroken();
        if (IsLocalClosed)
            return true;
        _endsBehind = true;
        return _connection.Send(this);
    }

    /// <summary>The write waits for the client: from now on it has so long for each step.</summary>
    public void NoteBlocked()
    {
        var now = Reactor.Now;
        _rate.Note(now, _sent);
        _writeDeadline = now + (long)_connection.Limits.WriteTime.TotalMilliseconds;
        Rearm();
    }

    /// <summary>True when the client, which let a part go, takes the answer more slowly than it may.</summary>
    public bool IsTooSlow() => SendWindow == 0 && _rate.IsTooSlow(Reactor.Now, _sent, SendRate);

    private void WriteHeadOnce(bool isEmpty, bool end)
    {
        if (IsHeadWritten)
            return;
        IsHeadWritten = true;
        var status = Response.Status;
        var hasNoBody = Request.Method == Method.Head || status is 204 or 304;
        var length = status == 204 || (_isConnect && Request.Method == Method.Connect && status < 300) ? -1 : Response.ContentLength;
        BeginBody(length, hasNoBody);
        var isEnd = (hasNoBody || (isEmpty && end)) && !(end && Response.HasTrailers);
        // A length that is not kept is found out before the stream ends as if it were.
        if (isEnd && !hasNoBody && length > 0)
            isEnd = false;
        Http2ResponseHead.Write(_connection.Output, _connection.Encoder, Stream, Response, status, Owner.Date, Reactor.Now, length, isEnd);
        if (isEnd)
            EndStream();
    }

    private bool FlushBehind()
    {
        _connection.FlushSoon();
        return true;
    }

    private void OnWriteTimer()
    {
        // What only waits behind other streams of its connection is not the client's doing.
        if (SendWindow > 0 && _connection.SendWindow > 0)
        {
            NoteBlocked();
            return;
        }
        _connection.DropReader(this, $"the client took no byte of the answer within {_connection.Limits.WriteTime.TotalSeconds:0.###} s");
    }

    private void DropPending()
    {
        if (QueuedLevel >= 0)
            _connection.Unqueue(this);
        _data = default;
        _file = null;
        _fileCount = 0;
        _endsBehind = false;
        _rate.Clear();
    }

    private void Rearm()
    {
        var next = Math.Min(_readDeadline, _writeDeadline);
        if (next != ReactorNever)
            _timer.Arm(Math.Max(next - Reactor.Now, 0));
    }
}
