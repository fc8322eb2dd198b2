using Gatehouse.Net.Interop;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Net.Transports;

/// <content>What the reactor tells the socket, and the socket its owner.</content>
internal sealed partial class SocketTransport
{
    private const uint ReadEvents = EpollSet.Readable | EpollSet.PeerEnded | EpollSet.HangUp | EpollSet.Error;
    private const uint WriteEvents = EpollSet.Writable | EpollSet.HangUp | EpollSet.Error;

    object? IReactorSource.Owner => Events;

    void IReactorSource.OnEvents(uint events)
    {
        if ((_state & State.Connecting) != 0)
        {
            OnConnectEvents(events);
            return;
        }

        // Whether a write waits is asked before reading: an edge that this event carries is older than a write that the reader makes.
        var writable = (events & WriteEvents) != 0 && (_state & State.WriteWaits) != 0;
        if ((events & (EpollSet.PeerEnded | EpollSet.HangUp | EpollSet.Error)) != 0)
            _state |= State.PeerEnded;
        if ((events & EpollSet.Error) != 0)
        {
            OnErrorEvents(writable);
            return;
        }

        if (writable)
        {
            _state &= ~State.WriteWaits;
            Events?.OnWritable();
        }

        if ((events & ReadEvents) != 0 && !IsClosed)
        {
            _state |= State.Readable;
            Events?.OnReadable();
        }
    }

    void IReactorSource.OnReactorEnded()
    {
        Break(Errno.Canceled);
        Events?.OnBroken(Errno.Canceled);
        Close();
    }

    /// <summary>Tells of an attempt to connect, or to watch, that failed at once.</summary>
    void IReactorWork.Run()
    {
        if (!IsClosed)
            Events?.OnBroken(_errno);
    }

    private void OnConnectEvents(uint events)
    {
        if ((events & (EpollSet.Error | EpollSet.HangUp)) != 0 && SocketCalls.TakeError(_descriptor) is var errno and not 0)
        {
            Break(errno);
            Events?.OnBroken(errno);
            return;
        }

        if ((events & EpollSet.Writable) == 0)
            return;
        _state = (_state & ~State.Connecting) | State.Readable;
        if ((events & (EpollSet.PeerEnded | EpollSet.HangUp)) != 0)
            _state |= State.PeerEnded;
        Events?.OnWritable();
        if ((events & ReadEvents) != 0 && !IsClosed)
            Events?.OnReadable();
    }

    // What came before the reset can still be read (a peer's whole answer, when it did not read all of the request), so the reader goes first.
    private void OnErrorEvents(bool writable)
    {
        _state |= State.Readable;
        Events?.OnReadable();
        if ((_state & (State.Closed | State.Broken)) != 0)
            return;
        var errno = SocketCalls.TakeError(_descriptor);
        if (errno != 0)
        {
            Break(errno);
            Events?.OnBroken(errno);
        }
        else if (writable && (_state & State.WriteWaits) != 0)
        {
            _state &= ~State.WriteWaits;
            Events?.OnWritable();
        }
    }
}
