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

    public ZstdDecoder(DecodingLimits limits)
        : base(ContentCoding.Zstandard, limits) => _decompressor.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxWindowLog);

    public override void Dispose() => _decompressor.Dispose();

    private protected override void Decode(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        try
        {
            while (true)
            {
                var room = Room(output);
                var status = _decompressor.UnwrapStream(input, room, out var consumed, out var written);
                Advance(output, written);
                input = input[consumed..];
                _isComplete = status == OperationStatus.Done;
                if (input.IsEmpty && written < room.Length)
                    return;
            }
        }
        catch (ZstdException fault)
        {
            throw Malformed(fault.Message, fault);
        }
    }

    private protected override bool IsComplete() => _isComplete;
}
