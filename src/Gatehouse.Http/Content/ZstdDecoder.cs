using System.Buffers;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Gatehouse.Http.Content;

/// <summary>Zstandard (RFC 8878), one frame or several; a window above the 8 MB of RFC 9659 is refused.</summary>
internal sealed class ZstdDecoder : ContentDecoder
{
    private const int MaxWindowLog = 23;
    private readonly Decompressor _decompressor = new();
    private bool _isComplete;
    private bool _isAtStart = true;

    public ZstdDecoder(DecodingLimits limits)
        : base(ContentCoding.Zstandard, limits) => _decompressor.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxWindowLog);

    public override void Dispose() => _decompressor.Dispose();

    private protected override void Decode(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        while (true)
        {
            var room = Room(output);
            // The library takes a shortcut, with checks of its own, when a whole frame lies before it: the first byte alone keeps it from that, so that
            // the verdict does not depend on how the bytes were split.
            var piece = _isAtStart && input.Length > 1 ? input[..1] : input;
            var status = _decompressor.UnwrapStream(piece, room, out var consumed, out var written);
            Advance(output, written);
            input = input[consumed..];
            if (status == OperationStatus.InvalidData)
                throw Malformed("not a Zstandard frame, or one with a window above 8 MB");
            if (consumed > 0 || written > 0)
                _isComplete = _isAtStart = status == OperationStatus.Done;
            if (written == room.Length)
                continue;
            if (input.IsEmpty)
                return;
            if (consumed == 0)
                throw Malformed("the decoder takes nothing more");
        }
    }

    private protected override bool IsComplete() => _isComplete;
}
