using System.Buffers;
using System.IO.Compression;

namespace Gatehouse.Http.Content;

/// <summary>Brotli (RFC 7932). Bytes behind its end are refused.</summary>
internal sealed class BrotliBodyDecoder(DecodingLimits limits) : ContentDecoder(ContentCoding.Brotli, limits)
{
    private BrotliDecoder _decoder;
    private bool _isComplete;

    public override void Dispose() => _decoder.Dispose();

    private protected override void Decode(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        while (!_isComplete)
        {
            var status = _decoder.Decompress(input, Room(output), out var consumed, out var written);
            Advance(output, written);
            input = input[consumed..];
            if (status == OperationStatus.InvalidData)
                throw Malformed("not a Brotli stream");
            if (status == OperationStatus.NeedMoreData)
                return;
            _isComplete = status == OperationStatus.Done;
        }
        if (!input.IsEmpty)
            throw Malformed($"{input.Length} bytes follow its end");
    }

    private protected override bool IsComplete() => _isComplete;
}
