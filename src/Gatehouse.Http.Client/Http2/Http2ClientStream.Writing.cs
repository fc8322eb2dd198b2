using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Http2;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Http.Client.Http2;

/// <content>The request.</content>
public sealed partial class Http2ClientStream
{
    private readonly ReactorWait<bool> _write = new();
    private readonly ReactorTimer _sendTimer;
    private Http2Window _sendWindow;
    private ReadOnlyMemory<byte> _data;
    private SafeFileHandle? _file;
    private long _fileOffset;
    private long _fileCount;
    private bool _endsBehind;
    private HeaderTable? _requestTrailers;

    internal bool IsLocalClosed { get; private set; }

    internal bool IsQueued { get; set; }

    internal Http2ClientStream? QueuedBehind { get; set; }

    internal long Pending => _data.Length + _fileCount;

    internal bool EndsBehind => _endsBehind;

    internal HeaderTable? RequestTrailers => _requestTrailers;

    internal int SendWindow => _sendWindow.Available;

    private bool IsSending => !IsLocalClosed;

    private bool IsWriting => _write.IsPending;

    /// <summary>Begins the head of the request: write pseudo-header fields and fields, then end it.</summary>
    /// <param name="method">The method, as far as the response depends on it.</param>
    /// <param name="bound">Bytes of all parts together, with <see cref="Http2RequestHead.PartOverhead"/> for each field.</param>
    /// <param name="isTunnel">True for CONNECT: what follows a 2xx are raw bytes.</param>
    /// <exception cref="ClientException">The connection has ended.</exception>
    public Http2RequestHead BeginHead(Method method, int bound, bool isTunnel = false)
    {
        ThrowIfOver();
        _isHeadRequest = method == Method.Head;
        _isTunnel = isTunnel;
        return new Http2RequestHead(this, _connection.Encoder, _connection.Output, bound);
    }

    /// <summary>
    /// Sends a part of the body, or of a tunnel, or its last part. Completes when <paramref name="data"/> is free again: as fast as the server takes it.
    /// </summary>
    /// <param name="data">The part.</param>
    /// <param name="isLast">True when nothing follows but <paramref name="trailers"/>.</param>
    /// <param name="trailers">The fields behind the body, or null.</param>
    /// <exception cref="ClientException">The stream ended, or the server did not take the bytes in time.</exception>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, bool isLast, HeaderTable? trailers = null)
    {
        ThrowIfOver();
        _data = data;
        _endsBehind = isLast;
        _requestTrailers = trailers is { Count: > 0 } ? trailers : null;
        return SendPending();
    }

    /// <summary>Sends a part of a file, as <see cref="WriteAsync"/>.</summary>
    /// <exception cref="ClientException">The stream ended, or the server did not take the bytes in time.</exception>
    public ValueTask SendFileAsync(SafeFileHandle file, long offset, long count, bool isLast)
    {
        ThrowIfOver();
        _file = count > 0 ? file : null;
        _fileOffset = offset;
        _fileCount = count;
        _endsBehind = isLast;
        return SendPending();
    }

    internal void OnHeadWritten(bool isLast)
    {
        if (isLast)
            EndLocal();
        _connection.FlushSoon();
    }

    internal bool TryOpenWindow(long increment) => _sendWindow.TryAdd(increment);

    /// <summary>Puts the next bytes into a frame; false when the file that they are in has become shorter.</summary>
    internal bool TryTake(Span<byte> destination, int count)
    {
        _sendWindow.TryTake(count);
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

    /// <summary>A part of what waits was sent; when it was all, who waits goes on.</summary>
    internal void OnSent()
    {
        if (Pending > 0)
        {
            ArmSendTimer();
            return;
        }
        if (_endsBehind)
            EndLocal();
        _endsBehind = false;
        EndWrite();
    }

    /// <summary>The server has answered in full, and wants no more of the request: what waits is dropped, and counts as sent.</summary>
    internal void OnStopped()
    {
        DropPending();
        IsLocalClosed = true;
        EndWrite();
    }

    internal void OnFileTruncated() => Fail(new ClientException(ClientFault.Truncated, "the file with the request's body became shorter"), Http2ErrorCode.InternalError);

    private void BeginSending()
    {
        _data = default;
        _file = null;
        _fileCount = 0;
        _endsBehind = false;
        _requestTrailers = null;
    }

    private ValueTask SendPending()
    {
        if (_connection.Send(this))
            return default;
        ThrowIfOver();
        _write.Begin(resumeInline: true);
        ArmSendTimer();
        return _write.Completion;
    }

    // The response's time runs from the end of the request.
    private void EndLocal()
    {
        IsLocalClosed = true;
        if (_step == ReadStep.Head && _read.IsPending)
            _timer.Arm((long)_pool.Timeouts.FirstByte.TotalMilliseconds);
    }

    private void EndWrite()
    {
        if (!_write.IsPending)
            return;
        _sendTimer.Disarm();
        if (_fault is not null)
            _write.SetException(_fault);
        else
            _write.SetResult(true);
    }

    private void DropPending()
    {
        BeginSending();
        _connection?.Unqueue(this);
    }

    private void ArmSendTimer() => _sendTimer.Arm((long)_pool.Timeouts.Idle.TotalMilliseconds);

    private void OnSendTimer()
    {
        if (_write.IsPending)
            Fail(new ClientException(ClientFault.SendTimeout, $"{_pool.Endpoint} took no byte of the request for {Seconds(_pool.Timeouts.Idle)}"), Http2ErrorCode.Cancel);
    }

    /// <summary>The time limit of writes, which runs beside that of reads.</summary>
    private sealed class SendLimit(Http2ClientStream stream) : ITimerTarget
    {
        public void OnTimer() => stream.OnSendTimer();
    }
}
