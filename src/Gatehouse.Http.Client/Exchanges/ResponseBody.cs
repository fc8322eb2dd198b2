using System.Diagnostics.CodeAnalysis;
using Gatehouse.Http.Client.Http1;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Http.Client.Exchanges;

/// <summary>
/// The body of a response as a stream. One that came whole with its head lies in memory, and its connection is at rest again. Any other is read from the
/// connection, on its reactor, when the caller reads: back-pressure. The connection is given back at the end, and closed when the caller disposes of the
/// stream before, or forgets it.
/// </summary>
internal sealed class ResponseBody : UnseekableStream, IReactorWork
{
    private readonly Reactor _reactor;
    private readonly Http1ClientConnection _connection;
    private readonly ClientExchange _exchange;
    private readonly HeaderList _trailers;
    private readonly Deadline _deadline;
    private readonly long _maxBytes;
    private readonly CancellationTokenRegistration _registration;
    private ReadOnlyMemory<byte> _whole;
    private Exception? _failure;
    private long _received;
    private int _isReading;
    private bool _isOver;

    /// <summary>On the reactor, with the response's head read.</summary>
    public ResponseBody(Reactor reactor, Http1ClientConnection connection, ClientExchange exchange, long maxBytes, HeaderList trailers, Deadline deadline)
    {
        _reactor = reactor;
        _connection = connection;
        _exchange = exchange;
        _maxBytes = maxBytes;
        _trailers = trailers;
        _deadline = deadline;
        if (connection.TryTakeWhole(out var whole))
        {
            _whole = whole.ToArray();
            End(isComplete: true);
            return;
        }
        _registration = deadline.Token.UnsafeRegister(static body => ((ResponseBody)body!).Abandon(), this);
    }

    /// <summary>Forgotten by its reader: nobody else closes the connection.</summary>
    ~ResponseBody() => Abandon();

    public override bool CanRead => true;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_whole.IsEmpty)
        {
            var count = Math.Min(buffer.Length, _whole.Length);
            _whole[..count].CopyTo(buffer);
            _whole = _whole[count..];
            return new ValueTask<int>(count);
        }
        return _failure is null && (_isOver || buffer.IsEmpty) ? new ValueTask<int>(0) : ReadOnReactorAsync(buffer, cancellationToken);
    }

    void IReactorWork.Run()
    {
        if (_isOver)
            return;
        // A read that is under way ends with the connection, and ends the rest.
        if (_isReading != 0)
            _connection.Dispose();
        else
            End(isComplete: false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _whole = default;
            _failure ??= new ObjectDisposedException(nameof(ClientResponse), "The response was disposed of.");
            if (_reactor.IsCurrent)
                ((IReactorWork)this).Run();
            else
                Abandon();
        }
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadOnReactorAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _isReading, 1) == 1)
            throw new InvalidOperationException("A read of the response's body is under way already; await it before the next.");
        var wasElsewhere = !_reactor.IsCurrent;
        try
        {
            if (_failure is not null)
                throw _failure;
            cancellation.ThrowIfCancellationRequested();
            await ReactorSwitch.To(_reactor);
            using var registration = cancellation.UnsafeRegister(static body => ((ResponseBody)body!).Abandon(), this);
            return await ReadHereAsync(buffer);
        }
        catch (ClientException exception)
        {
            End(isComplete: false);
            _failure = Reason(exception, cancellation);
            throw _failure;
        }
        finally
        {
            Volatile.Write(ref _isReading, 0);
            if (wasElsewhere)
                await Task.Yield();
        }
    }

    private async ValueTask<int> ReadHereAsync(Memory<byte> buffer)
    {
        if (_isOver)
            return 0;
        var count = await _connection.ReadBodyAsync(buffer);
        _received += count;
        if (_received > _maxBytes)
            throw _exchange.TooLong();
        if (_connection.IsBodyComplete)
            End(isComplete: true);
        return count;
    }

    private Exception Reason(ClientException exception, CancellationToken cancellation)
    {
        if (_exchange.BodyFault is { } fault)
            return new IOException($"The request's body could not be sent: {fault.Message}", fault);
        if (cancellation.IsCancellationRequested)
            return new OperationCanceledException("The read was cancelled, and with it the response.", exception, cancellation);
        return _deadline.Token.IsCancellationRequested ? _deadline.Passed(exception) : exception;
    }

    private void Abandon() => _reactor.TryPost(this);

    [SuppressMessage("Usage", "CA1816", Justification = "At the end there is nothing left that the finalizer would have to close.")]
    private void End(bool isComplete)
    {
        if (_isOver)
            return;
        _isOver = true;
        if (!isComplete)
        {
            // Whoever reads on must not take this for the end.
            _failure ??= new ClientException(ClientFault.Truncated, "the response was given up before its end");
        }
        else
        {
            _exchange.Timing.NoteBodyReceived();
            if (_connection.Trailers is { } trailers)
                ClientExchange.Copy(trailers, _trailers);
        }
        _exchange.Dispose();
        _registration.Unregister();
        _deadline.Dispose();
        GC.SuppressFinalize(this);
    }
}
