using Gatehouse.Http;

namespace Gatehouse.Web;

/// <summary>A stream over what an upgrade left: for the WebSockets of the base class library.</summary>
internal sealed class DuplexStream(Duplex duplex) : Stream
{
    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException("A connection has no length.");

    public override long Position
    {
        get => throw new NotSupportedException("A connection has no position.");
        set => throw new NotSupportedException("A connection has no position.");
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // A read that is cancelled ends the connection: the protocol above cannot go on in the middle of a frame either.
        using var registration = cancellationToken.UnsafeRegister(static state => ((Duplex)state!).Abort(), duplex);
        try
        {
            return buffer.IsEmpty ? 0 : await duplex.ReadAsync(buffer);
        }
        catch (BadRequestException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new IOException(exception.Message, exception);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await duplex.WriteAsync(buffer);
        }
        catch (BadRequestException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A connection cannot be sought in.");

    public override void SetLength(long value) => throw new NotSupportedException("A connection has no length.");
}
