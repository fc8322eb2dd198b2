using Gatehouse.Http.Client;
using Gatehouse.Net.Timers;

namespace Gatehouse.Gateways.Peers;

/// <content>The request.</content>
internal abstract partial class PeerConnection
{
    private bool IsSending => IsRequestOpen || _write.IsPending;

    /// <summary>Sends what <see cref="Output"/> holds. Completes when attached bytes are free again and nothing is left in the buffer.</summary>
    /// <exception cref="ClientException">The connection was closed, or the peer did not take the bytes in time.</exception>
    public ValueTask FlushAsync()
    {
        if (IsClosed)
            throw Closed();
        if (Output.Flush())
            return default;
        if (Output.Errno != 0)
        {
            Errno = Output.Errno;
            return default;
        }
        _write.Begin(resumeInline: true);
        ArmSendTimer();
        return _write.Completion;
    }

    // Made at the first write that waits: most connections never have one.
    private void ArmSendTimer() => (_sendTimer ??= new ReactorTimer(Reactor, new SendLimit(this))).Arm((long)Timeouts.Idle.TotalMilliseconds);

    private void GoOnWriting()
    {
        if (!Output.Flush() && Output.Errno == 0)
        {
            ArmSendTimer();
            return;
        }
        if (Output.Errno != 0)
            Errno = Output.Errno;
        EndWrite();
    }

    private void EndWrite()
    {
        _sendTimer!.Disarm();
        // Before the waiter is told, who may clear IsRequestOpen; the write is no longer pending then, and the answer's time starts.
        _write.SetResult(true);
        RequestSent();
    }

    private void OnSendTimer()
    {
        if (_write.IsPending)
            Close(new ClientException(ClientFault.SendTimeout, $"{Name} took no byte of the request for {Seconds(Timeouts.Idle)} (timeouts.idle)"));
    }

    /// <summary>The time limit of writes, which runs beside that of reads.</summary>
    private sealed class SendLimit(PeerConnection connection) : ITimerTarget
    {
        public void OnTimer() => connection.OnSendTimer();
    }
}
