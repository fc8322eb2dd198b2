namespace Gatehouse.Http.Client.Exchanges;

/// <summary>A body in memory, which needs no writer of its own: it goes out with the head.</summary>
internal sealed class BytesBody : RequestBody
{
    public BytesBody(ReadOnlyMemory<byte> bytes, string? contentType)
    {
        Bytes = bytes;
        ContentType = contentType;
    }

    public ReadOnlyMemory<byte> Bytes { get; }

    public override long? Length => Bytes.Length;

    public override bool IsReplayable => true;

    public override Task WriteToAsync(Stream output, CancellationToken cancellation) => output.WriteAsync(Bytes, cancellation).AsTask();
}
