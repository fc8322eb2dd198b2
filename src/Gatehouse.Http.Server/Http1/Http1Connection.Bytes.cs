using Gatehouse.Net.Transports;

namespace Gatehouse.Http.Server.Http1;

/// <summary>How bytes come in and go out, and what a client may cost while they do: its share of a turn, and a reader's least speed.</summary>
internal sealed partial class Http1Connection
{
    // What one connection receives before the reactor's others get their turn: a client on this machine can send as fast as we read.
    private const int ReceiveBudget = 256 * 1024;

    private int _receiveBudget = ReceiveBudget;
    private ReaderRate _rate;
    private int _readErrno;
    private bool _isDeferred;

    /// <summary>
    /// As <see cref="Transport.Read"/>, within this connection's share of the turn; behind that it answers WouldBlock, and <see cref="OnReadable"/> follows.
    /// </summary>
    public IoResult Read(Span<byte> destination)
    {
        if (_receiveBudget <= 0)
            return Yield();
        return Counted(Transport.Read(destination));
    }

    /// <summary>Receives more input while an exchange runs, keeping its head's views right when bytes move.</summary>
    public IoResult FillInput()
    {
        if (_receiveBudget <= 0)
            return Yield();
        var before = Input.Buffer;
        var result = Counted(Input.Fill(out var moved));
        if (moved != 0 || !ReferenceEquals(before, Input.Buffer))
            _exchange!.Rebase(Input.Buffer, moved);
        return result;
    }

    /// <summary>A tunnel has read what came behind its head: it receives into its own buffers from now on, and this one need not be kept for it.</summary>
    public void ReleaseInput()
    {
        if (Input.Buffer is not null)
            _exchange!.Rebase(Input.Detach(), 0);
    }

    /// <summary>Sends what is pending. False when it must wait (<see cref="OnWritable"/> follows, the deadline is set) or the connection broke.</summary>
    public bool TryFlush()
    {
        var before = Output.Sent;
        if (Output.Flush())
        {
            _rate.Clear();
            return true;
        }
        if (Output.Errno != 0)
            OnBroken(Output.Errno);
        else
            NoteBlocked(before);
        return false;
    }

    /// <summary>The end of a turn in which the share was used up, or a read met a broken connection.</summary>
    void Net.Reactors.IReactorWork.Run()
    {
        _isDeferred = false;
        if (_readErrno != 0)
            OnBroken(_readErrno);
        else
            OnReadable();
    }

    // A read that meets a reset is told so at once; the others, and who observes, when that reader is off the stack. No event of the transport follows.
    private IoResult Counted(IoResult result)
    {
        _receiveBudget -= result.Count;
        if (result.IsFailure)
        {
            _readErrno = result.Errno;
            Defer();
        }
        return result;
    }

    private IoResult Yield()
    {
        Defer();
        return IoResult.WouldBlock;
    }

    private void Defer()
    {
        if (_isDeferred)
            return;
        _isDeferred = true;
        Transport.Reactor.Defer(this);
    }

    private void NoteBlocked(long sentBefore)
    {
        var now = Transport.Reactor.Now;
        _rate.Note(now, sentBefore);
        var floor = IsHandling ? _exchange!.SendRate : new RateFloor(Limits.MinimumRate, Limits.RateGrace);
        if (_rate.IsTooSlow(now, Output.Sent, floor))
            DropReader($"the client took the answer at less than {floor.BytesPerSecond} bytes per second");
        else
            Arm(Limits.WriteTime);
    }

    private void DropReader(string reason)
    {
        if (IsHandling)
            _exchange!.Notes.Failure = reason;
        Owner.Server.Events?.OnRefused(Transport.RemoteEndpoint, 0, reason);
        Kill();
    }

    // More of a head. False when it must wait, or the connection ended.
    private bool ReceiveHead()
    {
        if (_receiveBudget <= 0)
        {
            Yield();
            return false;
        }
        var before = Input.Buffer;
        var result = Input.Fill(out var moved);
        _receiveBudget -= result.Count;
        if (_exchange is not null && (moved != 0 || !ReferenceEquals(before, Input.Buffer)))
            _exchange.RebaseParser(Input.Buffer, moved);
        if (result.IsDone)
            return true;
        if (result.IsWouldBlock)
            return false;
        // A client that ends its side between requests, or gives up inside a head, gets no answer: nobody is there to read it.
        Close();
        return false;
    }
}
