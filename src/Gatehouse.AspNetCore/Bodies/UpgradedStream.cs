using Gatehouse.AspNetCore.Requests;
using Gatehouse.Http;

namespace Gatehouse.AspNetCore.Bodies;

/// <summary>Raw bytes both ways after a switch of protocols. The connection ends with the request, not with the stream: what was written must still arrive.</summary>
internal sealed class UpgradedStream(ApplicationRequest request, Stream reading, Duplex tunnel) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => reading.Read(buffer, offset, count);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        reading.ReadAsync(buffer, offset, count, cancellationToken);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => reading.ReadAsync(buffer, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count)
    {
        request.ThrowIfMustNotBlock();
        WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // A part that was cut off would spoil what comes behind it: only the connection's end stops it.
        using (cancellationToken.UnsafeRegister(static state => ((Duplex)state!).Abort(), tunnel))
        {
            try
            {
                await tunnel.WriteAsync(buffer);
            }
            catch (BadRequestException exception)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw BodyFaults.Translate(exception);
            }
        }
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
