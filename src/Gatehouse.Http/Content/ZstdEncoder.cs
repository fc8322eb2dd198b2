using System.Buffers;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Gatehouse.Http.Content;

/// <summary>Zstandard (RFC 8878); its window is within the 8 MB that RFC 9659 allows for the web.</summary>
internal sealed class ZstdEncoder : IBodyTransform
{
    private const int Level = 3;

    // 512 KB of window, as for Brotli: level 3 would take 2 MB for each body under way.
    private const int WindowLog = 19;
    private const int Room = 4096;

    // A compressor's tables are over a megabyte of fresh memory, which costs more than a page of 2 KB does: each thread keeps two.
    private const int Kept = 2;

    [ThreadStatic]
    private static Stack<Compressor>? _pool;

    private Compressor? _compressor;

    public ZstdEncoder()
    {
        if (_pool is not null && _pool.TryPop(out _compressor))
            return;
        _compressor = new Compressor(Level);
        _compressor.SetParameter(ZSTD_cParameter.ZSTD_c_windowLog, WindowLog);
    }

    public void Transform(ReadOnlySpan<byte> input, bool last, IBufferWriter<byte> output)
    {
        ObjectDisposedException.ThrowIf(_compressor is null, this);
        while (!input.IsEmpty)
        {
            _compressor.WrapStream(input, output.GetSpan(Room), out var consumed, out var written, isFinalBlock: false);
            output.Advance(written);
            input = input[consumed..];
        }
        OperationStatus status;
        do
        {
            status = _compressor.FlushStream(output.GetSpan(Room), out var written, last);
            output.Advance(written);
        }
        while (status == OperationStatus.DestinationTooSmall);
    }

    public void Dispose()
    {
        if (_compressor is not { } compressor)
            return;
        _compressor = null;
        _pool ??= new Stack<Compressor>(Kept);
        if (_pool.Count == Kept)
        {
            compressor.Dispose();
            return;
        }
        compressor.ResetStream();
        _pool.Push(compressor);
    }
}
