using Gatehouse.Net.Timers;

namespace Gatehouse.Http.Client.Http1;

/// <content>The request.</content>
public sealed partial class Http1ClientConnection
{
    /// <summary>Sends what <see cref="Output"/> holds. Completes when attached bytes are free again and nothing is left in the buffer.</summary>
    /// <exception cref="ClientException">The connection was closed, or the server did not take the bytes in time.</exception>
    public ValueTask FlushAsync()
    {
        if (_isClosed)
            throw Closed();
        if (Output.Flush())
            return default;
        if (Output.Errno != 0)
        {
            // The server may have answered and closed without reading all of the request: the answer, if there is one, is found by reading.
            _errno = Output.Errno;
            return default;
        }
        _write.Begin(resumeInline: true);
        ArmSendTimer();
        return _write.Completion;
    }

    /// <summary>Ends the sending side of a tunnel.</summary>
    public void ShutdownWrite() => _transport.ShutdownWrite();

    // Made at the first write that waits: most connections never have one.
    private void ArmSendTimer() =>
        (_sendTimer ??= new ReactorTimer(_pool.Reactor, new SendLimit(this))).Arm((long)_pool.Timeouts.Idle.TotalMilliseconds);

    private void GoOnWriting()
    {
        if (!Output.Flush() && Output.Errno == 0)
        {
            ArmSendTimer();
            return;
        }
        if (Output.Errno != 0)
            _errno = Output.Errno;
        EndWrite();
    }

    private void EndWrite()
    {
        _sendTimer!.Disarm();
        // Before the waiter is told, who may clear IsRequestOpen; the write is no longer pending then, and the response's time starts.
        _write.SetResult(true);
        RequestSent();
    }

    // The response's time runs from the end of the request.
    private void RequestSent()
    {
        if (_step == ReadStep.Head && _read.IsPending && !IsSending)
            _timer.Arm((long)_pool.Timeouts.FirstByte.TotalMilliseconds);
    }

    private bool IsSending => IsRequestOpen || _write.IsPending;

    private void OnSendTimer()
    {
        if (_write.IsPending)
            Close(new ClientException(ClientFault.SendTimeout, $"{_pool.Endpoint} took no byte of the request for {Seconds(_pool.Timeouts.Idle)}"));
    }

    /// <summary>The time limit of writes, which runs beside that of reads.</summary>
    private sealed class SendLimit(Http1ClientConnection connection) : ITimerTarget
    {
        public void OnTimer() => connection.OnSendTimer();
    }
}
