using Gatehouse.Net.Transports;

namespace Gatehouse.Net.Tls;

/// <content>What the carrier tells, and what its owner is told of that.</content>
public sealed partial class TlsTransport
{
    void ITransportEvents.OnReadable()
    {
        if ((_state & State.Opening) != 0)
        {
            Open();
            return;
        }

        if ((_state & State.WriteWaitsToRead) != 0)
        {
            _state &= ~(State.WriteWaitsToRead | State.WriteWaits);
            Events?.OnWritable();
        }

        if (!IsClosed)
            Events?.OnReadable();
    }

    void ITransportEvents.OnWritable()
    {
        if ((_state & State.Opening) != 0)
        {
            Open();
            return;
        }

        var readWaits = (_state & State.ReadWaitsToWrite) != 0;
        _state &= ~State.ReadWaitsToWrite;
        if ((_state & State.EndWaits) != 0)
            SendEnd();
        else if ((_state & State.WriteWaits) == 0 && _ssl.HasSealed)
            _ = _ssl.Flush(); // tickets of the handshake, which nobody else waits for
        if ((_state & (State.WriteWaits | State.WriteWaitsToRead)) == State.WriteWaits)
        {
            _state &= ~State.WriteWaits;
            Events?.OnWritable();
        }

        if (readWaits && !IsClosed)
            Events?.OnReadable();
    }

    void ITransportEvents.OnBroken(int errno)
    {
        if ((_state & (State.Broken | State.Closed)) != 0)
            return;
        Break(errno);
        Events?.OnBroken(errno);

        // The reactor ends: nobody may come back to free what libssl holds.
        if (errno == Errno.Canceled)
            Close();
    }
}
