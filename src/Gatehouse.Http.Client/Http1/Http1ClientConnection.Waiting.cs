using System.Globalization;
using Gatehouse.Net;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Http.Client.Http1;

/// <content>Edges and time limits.</content>
public sealed partial class Http1ClientConnection
{
    /// <inheritdoc/>
    public void OnReadable()
    {
        if (_isIdle)
        {
            // A server has nothing to say between requests: this is its end of the connection, or bytes that no response may start with. Over TLS it may also
            // be a session's ticket, of which nothing is to be seen here.
            if (!IsSilent())
                Dispose();
            return;
        }
        if (!_read.IsPending || _step is ReadStep.None or ReadStep.Connect)
            return;
        var count = 0;
        try
        {
            if (_step == ReadStep.Head && TryReadHead() == ParseStatus.NeedMore)
                return;
            if (_step == ReadStep.Body)
                count = TryReadBody(_destination.Span);
            if (count < 0)
                return;
        }
        catch (ClientException exception)
        {
            EndStep();
            _read.SetException(exception);
            return;
        }
        EndStep();
        _read.SetResult(count);
    }

    /// <inheritdoc/>
    public void OnWritable()
    {
        if (_step == ReadStep.Connect)
        {
            EndStep();
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
        _errno = errno == 0 ? Errno.ConnectionReset : errno;
        if (_isIdle)
        {
            Dispose();
            return;
        }
        if (_step == ReadStep.Connect)
        {
            EndStep();
            _read.SetException(new ClientException(ClientFault.Connect, $"{_pool.Endpoint} does not accept the connection: {_transport.Fault ?? Errno.Describe(_errno)}")
            {
                IsHandshake = _transport.Fault is not null,
            });
            return;
        }
        Output.Break(_errno);
        if (_write.IsPending)
            EndWrite();
        OnReadable();
    }

    /// <inheritdoc/>
    public void OnTimer()
    {
        if (_isIdle)
        {
            Dispose();
            return;
        }
        if (!_read.IsPending)
            return;
        var (fault, message) = _step switch
        {
            ReadStep.Connect => (ClientFault.ConnectTimeout, $"{_pool.Endpoint} did not accept the connection within {Seconds(_pool.Timeouts.Connect)}"),
            ReadStep.Head => (ClientFault.ResponseTimeout, $"{_pool.Endpoint} sent no response within {Seconds(_pool.Timeouts.FirstByte)}"),
            _ => (ClientFault.BodyTimeout, $"{_pool.Endpoint} sent nothing more of its response for {Seconds(_pool.Timeouts.Idle)}"),
        };
        EndStep();
        _read.SetException(new ClientException(fault, message));
    }

    private ValueTask<int> Wait(ReadStep step, Memory<byte> destination, TimeSpan time)
    {
        _step = step;
        _destination = destination;
        if (time == Timeout.InfiniteTimeSpan)
            _timer.Disarm();
        else
            _timer.Arm((long)time.TotalMilliseconds);
        _read.Begin(resumeInline: true);
        return _read.Task;
    }

    private void EndStep()
    {
        _step = ReadStep.None;
        _destination = default;
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
