using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Gatehouse.AspNetCore.Requests;
using Gatehouse.Http.Tasks;

namespace Gatehouse.AspNetCore.Bodies;

/// <summary>The body of a request as a stream over its pipe.</summary>
internal sealed class RequestBodyStream(ApplicationRequest request, PipeReader body) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        request.ThrowIfMustNotBlock();
        var read = body.ReadAsync();
        return Take(read.IsCompleted ? read.GetAwaiter().GetResult() : read.AsTask().GetAwaiter().GetResult(), buffer);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Take(await body.ReadAsync(cancellationToken), buffer.Span);

    public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => body.CopyToAsync(destination, cancellationToken);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Take(ReadResult result, Span<byte> buffer)
    {
        if (result.IsCanceled)
            throw new OperationCanceledException("The read was cancelled.");
        var data = result.Buffer;
        var count = (int)Math.Min(data.Length, buffer.Length);
        if (count > 0)
        {
            var end = data.GetPosition(count);
            data.FirstSpan[..count].CopyTo(buffer);
            body.AdvanceTo(end);
        }
        return count;
    }
}
