namespace Gatehouse.Http;

/// <summary>Raw bytes both ways after an upgrade or CONNECT, whatever protocol carries them.</summary>
public abstract class Duplex
{
    /// <summary>Reads what is there, waiting for at least one byte; 0 when the peer has ended its side.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public abstract ValueTask<int> ReadAsync(Memory<byte> buffer);

    /// <summary>Writes all of <paramref name="data"/>; completes when the transport has taken it.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> data);

    /// <summary>Ends this side; reading goes on.</summary>
    public abstract ValueTask ShutdownWriteAsync();

    /// <summary>Drops the connection; pending reads and writes fail.</summary>
    public abstract void Abort();
}
