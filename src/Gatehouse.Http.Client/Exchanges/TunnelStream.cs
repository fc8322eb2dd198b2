using Gatehouse.Http.Client.Http1;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;

namespace Gatehouse.Http.Client.Exchanges;

/// <summary>The connection after a 101, as a stream both ways. One read and one write may be under way at a time.</summary>
internal sealed class TunnelStream : UnseekableStream, IReactorWork, ITimerTarget
{
    private readonly Reactor _reactor;
    private readonly Http1ClientConnection _connection;
    private readonly ClientExchange _exchange;
    private readonly ReactorTimer _timer;
    private bool _isLate;
    private int _isDisposed;

    /// <summary>On the reactor. The time limit of the call ends here: a tunnel lasts as long as it is used.</summary>
    public TunnelStream(Reactor reactor, Http1ClientConnection connection, ClientExchange exchange, Deadline deadline)
    {
        _reactor = reactor;
        _connection = connection;
        _exchange = exchange;
        _timer = new ReactorTimer(reactor, this);
        deadline.Dispose();
    }

    ~TunnelStream() => _reactor.TryPost(this);

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanTimeout => true;

    /// <summary>Milliseconds that a read waits for bytes; the connection is closed then. A minute unless set.</summary>
    public override int ReadTimeout { get; set; } = 60_000;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wasElsewhere = !_reactor.IsCurrent;
        try
        {
            await ReactorSwitch.To(_reactor);
            using var registration = cancellationToken.UnsafeRegister(static tunnel => ((TunnelStream)tunnel!).Abandon(), this);
            int count;
            while ((count = _connection.TryReadTunnel(buffer.Span)) < 0)
            {
                if (ReadTimeout != Timeout.Infinite)
                    _timer.Arm(ReadTimeout);
                await _connection.WaitForTunnelAsync();
            }
            return count;
        }
        catch (ClientException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (ClientException exception) when (_isLate)
        {
            var cause = new TimeoutException(exception.Message, exception);
            throw new IOException($"{_connection.Endpoint} sent nothing through the tunnel for {ReadTimeout} ms.", cause);
        }
        finally
        {
            _timer.Disarm();
            if (wasElsewhere)
                await Task.Yield();
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wasElsewhere = !_reactor.IsCurrent;
        try
        {
            await ReactorSwitch.To(_reactor);
            using var registration = cancellationToken.UnsafeRegister(static tunnel => ((TunnelStream)tunnel!).Abandon(), this);
            _connection.Output.Attach(buffer);
            await _connection.FlushAsync();
        }
        catch (ClientException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            if (wasElsewhere)
                await Task.Yield();
        }
    }

    void ITimerTarget.OnTimer()
    {
        _isLate = true;
        _connection.Dispose();
    }

    void IReactorWork.Run()
    {
        _timer.Release();
        _connection.Dispose();
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            _exchange.Dispose();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Abandon();
        base.Dispose(disposing);
    }

    private void Abandon() => _reactor.TryPost(this);
}
