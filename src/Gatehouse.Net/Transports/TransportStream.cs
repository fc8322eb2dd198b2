using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Transports;

/// <summary>
/// A <see cref="Stream"/> over a <see cref="Transport"/>, for code that is written with async and await. One read and one write may be under way at a time.
/// Members may be called from any thread: on the transport's reactor they complete inline when they can and resume there; elsewhere they are posted to it
/// and resume on the thread pool. No allocation for each operation.
/// </summary>
public sealed class TransportStream : Stream, ITransportEvents
{
    /// <summary>The default of both time-outs: 60 s, as nginx has.</summary>
    public const int DefaultTimeout = 60_000;

    private readonly StreamRead _read;
    private readonly StreamWrite _write;
    private int _readTimeout = DefaultTimeout;
    private int _writeTimeout = DefaultTimeout;
    private int _disposed;

    /// <summary>Takes over a transport and becomes the owner of its events. On the transport's reactor.</summary>
    public TransportStream(Transport transport)
    {
        Transport = transport;
        _read = new StreamRead(transport);
        _write = new StreamWrite(transport);
        transport.Events = this;
    }

    /// <summary>The transport, to be used on its reactor only.</summary>
    public Transport Transport { get; }

    /// <summary>The peer's endpoint.</summary>
    public Endpoint RemoteEndpoint => Transport.RemoteEndpoint;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanTimeout => true;

    /// <summary>Milliseconds that a read waits for bytes before it throws <see cref="TimeoutException"/>; <see cref="Timeout.Infinite"/> is for ever.</summary>
    public override int ReadTimeout
    {
        get => _readTimeout;
        set => _readTimeout = Checked(value);
    }

    /// <summary>
    /// Milliseconds that a write waits for the peer to take some bytes before it throws <see cref="TimeoutException"/>;
    /// <see cref="Timeout.Infinite"/> is for ever.
    /// </summary>
    public override int WriteTimeout
    {
        get => _writeTimeout;
        set => _writeTimeout = Checked(value);
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override long Length => throw new NotSupportedException("A connection has no length.");

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override long Position
    {
        get => throw new NotSupportedException("A connection has no position.");
        set => throw new NotSupportedException("A connection has no position.");
    }

    /// <summary>Reads what is there, at least one byte; 0 when the peer has ended its side.</summary>
    /// <exception cref="TimeoutException">No byte came within <see cref="ReadTimeout"/>.</exception>
    /// <exception cref="IOException">The connection is broken or closed.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        buffer.IsEmpty ? new ValueTask<int>(0) : _read.Read(buffer, _readTimeout, cancellationToken);

    /// <inheritdoc cref="ReadAsync(Memory{byte}, CancellationToken)"/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Writes all of <paramref name="buffer"/>. One that was cancelled or timed out may have written a part.</summary>
    /// <exception cref="TimeoutException">The peer took nothing for <see cref="WriteTimeout"/>.</exception>
    /// <exception cref="IOException">The connection is broken or closed.</exception>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _write.Write(buffer, _writeTimeout, cancellationToken);

    /// <inheritdoc cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Blocks until bytes are there. On the transport's reactor it does not wait.</summary>
    /// <exception cref="InvalidOperationException">On the reactor, when no byte is there: waiting would hold the reactor that has to bring it.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        if (!Transport.Reactor.IsCurrent)
            return ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();
        var read = Transport.Read(buffer.AsSpan(offset, count));
        if (read.IsFailure)
            throw Broken(Transport, "read from", read.Errno);
        return read.IsWouldBlock ? throw WouldHold("read") : read.Count;
    }

    /// <summary>Blocks until all is written. On the transport's reactor it does not wait.</summary>
    /// <exception cref="InvalidOperationException">On the reactor, when the peer does not take all of it at once. A part may be written.</exception>
    public override void Write(byte[] buffer, int offset, int count)
    {
        if (!Transport.Reactor.IsCurrent)
        {
            WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();
            return;
        }

        var written = Transport.Write(buffer.AsSpan(offset, count));
        if (written.IsFailure)
            throw Broken(Transport, "write to", written.Errno);
        if (written.Count < count)
            throw WouldHold("write");
    }

    /// <summary>Does nothing: no bytes are held back.</summary>
    public override void Flush()
    {
    }

    /// <summary>Does nothing: no bytes are held back.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends this side of the connection after what was written (FIN); reading goes on.</summary>
    public void ShutdownWrite() => OnReactor(static stream => stream.Transport.ShutdownWrite());

    /// <summary>Closes the connection at once and resets the peer.</summary>
    public void Abort()
    {
        Interlocked.Exchange(ref _disposed, 1);
        OnReactor(static stream => stream.End(reset: true));
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A connection cannot be sought in.");

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override void SetLength(long value) => throw new NotSupportedException("A connection has no length.");

    void ITransportEvents.OnReadable() => _read.Progress();

    void ITransportEvents.OnWritable() => _write.Progress();

    void ITransportEvents.OnBroken(int errno)
    {
        _read.Progress();
        _write.Progress();
    }

    /// <summary>The exception for a failed operation on a transport.</summary>
    internal static IOException Broken(Transport transport, string what, int errno)
    {
        var message = $"Cannot {what} {transport.RemoteEndpoint}";
        return new IOException($"{message}: {transport.Fault ?? Errno.Describe(errno)}.", Errno.ToException(errno, message));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0)
            OnReactor(static stream => stream.End(reset: false));
        base.Dispose(disposing);
    }

    private static int Checked(int milliseconds) => milliseconds is Timeout.Infinite or > 0
        ? milliseconds
        : throw new ArgumentOutOfRangeException(nameof(milliseconds), milliseconds, "Expected a time-out in milliseconds, more than 0, or Timeout.Infinite.");

    private static InvalidOperationException WouldHold(string what) =>
        new($"A blocking {what} on the connection's own reactor would hold it for ever; use {(what == "read" ? "ReadAsync" : "WriteAsync")}.");

    private void OnReactor(Action<TransportStream> action)
    {
        if (Transport.Reactor.IsCurrent)
            action(this);
        else
            Transport.Reactor.TryPost(new CallbackWork(_ => action(this), null));
    }

    private void End(bool reset)
    {
        if (reset)
            Transport.Abort();
        else
            Transport.Close();
        _read.Abandon(static () => new ObjectDisposedException(nameof(TransportStream), "The connection was closed while a read was under way."));
        _write.Abandon(static () => new ObjectDisposedException(nameof(TransportStream), "The connection was closed while a write was under way."));
    }
}
