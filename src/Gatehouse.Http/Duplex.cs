namespace Gatehouse.Http;

/// <summary>Raw bytes both ways after an upgrade or CONNECT, whatever protocol carries them.</summary>
public abstract class Duplex
{
    /// <summary>Reads what is there, waiting for at least one byte; 0 when the peer has ended its side.</summary>
    /// <exception cref="BadRequestException">The connection broke.</exception>
    public abstract ValueTask<int> ReadAsync(Memory<byte> buffer);

    /// <summary>
    /// Reads what is there without waiting: a count, 0 when the peer has ended its side, -1 when there is nothing yet. On the reactor only. With
    /// <see cref="WaitToReadAsync"/> it lets a tunnel that is silent own no buffer.
    /// </summary>
    /// <exception cref="BadRequestException">The connection broke.</exception>
    public abstract int TryRead(Span<byte> buffer);

    /// <summary>Completes when <see cref="TryRead"/> is worth calling again, which it may be at once. On the reactor only.</summary>
    /// <exception cref="BadRequestException">The connection broke.</exception>
    public abstract ValueTask WaitToReadAsync();

    /// <summary>Writes all of <paramref name="data"/>; completes when the transport has taken it.</summary>
    /// <exception cref="BadRequestException">The connection broke.</exception>
    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> data);

    /// <summary>Ends this side; reading goes on.</summary>
    public abstract ValueTask ShutdownWriteAsync();

    /// <summary>Drops the connection; pending reads and writes fail.</summary>
    public abstract void Abort();
}
