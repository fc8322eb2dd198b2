using System.IO.Pipelines;
using Gatehouse.AspNetCore.Requests;

namespace Gatehouse.AspNetCore.Bodies;

/// <summary>The body of an answer as a stream over its pipe.</summary>
internal sealed class ResponseBodyStream(ApplicationRequest request, ResponseBody body) : Stream
{
    // A writer that blocks hands over what it has when that is so much.
    private const int BlockingPiece = 16 * 1024;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        request.ThrowIfMustNotBlock();
        body.Append(buffer);
        if (body.UnflushedBytes >= BlockingPiece)
            Flush();
    }

    public override void Flush()
    {
        request.ThrowIfMustNotBlock();
        var flush = body.FlushAsync();
        if (!flush.IsCompleted)
            flush.AsTask().GetAwaiter().GetResult();
        else
            flush.GetAwaiter().GetResult();
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        Forget(body.WriteAsync(buffer, cancellationToken));

    public override Task FlushAsync(CancellationToken cancellationToken) => Forget(body.FlushAsync(cancellationToken)).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static ValueTask Forget(ValueTask<FlushResult> flush)
    {
        if (!flush.IsCompletedSuccessfully)
            return Await(flush);
        flush.GetAwaiter().GetResult();
        return default;
    }

    private static async ValueTask Await(ValueTask<FlushResult> flush) => await flush;
}
