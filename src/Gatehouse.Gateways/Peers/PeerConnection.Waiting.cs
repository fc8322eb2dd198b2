using System.Globalization;
using Gatehouse.Http.Client;

namespace Gatehouse.Gateways.Peers;

/// <content>Edges and time limits.</content>
internal abstract partial class PeerConnection
{
    /// <inheritdoc/>
    public void OnReadable()
    {
        // Between requests a peer has nothing to say: this is its end of the connection, or bytes that no answer may start with.
        if (IsIdle)
            Dispose();
        else if (!_isConnecting)
            _read.SetResult(0);
    }

    /// <inheritdoc/>
    public void OnWritable()
    {
        if (_isConnecting)
        {
            _isConnecting = false;
            _read.SetResult(0);
        }
        else if (_write.IsPending)
        {
            GoOnWriting();
        }
    }

    /// <inheritdoc/>
    public void OnBroken(int errno)
    {
        Errno = errno == 0 ? Net.Errno.ConnectionReset : errno;
        if (IsIdle)
        {
            Dispose();
            return;
        }
        if (_isConnecting)
        {
            _isConnecting = false;
            _read.SetException(new ClientException(ClientFault.Connect, $"{Name} does not accept the connection: {Net.Errno.Describe(Errno)}"));
            return;
        }
        OnInputRefused(Errno);
        _read.SetResult(0);
    }

    /// <inheritdoc/>
    public void OnTimer()
    {
        if (IsIdle)
            Dispose();
        else if (_read.IsPending)
            _read.SetException(TimedOut());
    }

    /// <summary>The peer takes nothing more of the request. It may have answered without reading all of it: the answer is found by reading.</summary>
    protected void OnInputRefused(int errno)
    {
        Errno = errno;
        Output.Break(errno);
        if (_write.IsPending)
            EndWrite();
    }

    /// <summary>Closes the connection when it was not used for that long.</summary>
    protected void ArmIdleTimer() => _timer.Arm((long)Timeouts.KeepAlive.TotalMilliseconds);

    /// <summary>Completes when something can be read; -1 milliseconds waits for as long as it takes.</summary>
    private ValueTask<int> WaitForNews(long milliseconds)
    {
        if (IsClosed)
            throw Closed();
        if (milliseconds < 0)
            _timer.Disarm();
        else
            _timer.Arm(milliseconds);
        _read.Begin(resumeInline: true);
        return _read.Task;
    }

    private ClientException TimedOut()
    {
        if (_isConnecting)
            return new ClientException(ClientFault.ConnectTimeout, $"{Name} did not accept the connection within {Seconds(Timeouts.Connect)} (timeouts.connect)");
        return HasHead
            ? new ClientException(ClientFault.BodyTimeout, $"{Name} sent nothing more of its answer for {Seconds(Timeouts.Idle)} (timeouts.idle)")
            : new ClientException(ClientFault.ResponseTimeout, $"{Name} sent no answer within {Seconds(Timeouts.FirstByte)} (timeouts.first-byte)");
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
