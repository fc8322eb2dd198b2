using System.Buffers;
using System.IO.Compression;

namespace Gatehouse.Http.Content;

/// <summary>Brotli (RFC 7932).</summary>
internal sealed class BrotliBodyEncoder : IBodyTransform
{
    // Quality 5: 4 is no faster on markup and much larger. A window of 512 KB holds nearly every page, and the encoder's memory grows with it.
    private const int Quality = 5;
    private const int WindowBits = 19;
    private const int Room = 4096;

    private BrotliEncoder _encoder = new(Quality, WindowBits);

    public void Transform(ReadOnlySpan<byte> input, bool last, IBufferWriter<byte> output)
    {
        if (input.IsEmpty && !last)
            return;
        var status = OperationStatus.DestinationTooSmall;
        while (status == OperationStatus.DestinationTooSmall)
        {
            status = _encoder.Compress(input, output.GetSpan(Room), out var consumed, out var written, last);
            output.Advance(written);
            input = input[consumed..];
        }
        if (last)
            return;
        do
        {
            status = _encoder.Flush(output.GetSpan(Room), out var written);
            output.Advance(written);
        }
        while (status == OperationStatus.DestinationTooSmall);
    }

    public void Dispose() => _encoder.Dispose();
}
