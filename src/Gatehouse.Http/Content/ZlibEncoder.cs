using System.Buffers;
using System.IO.Compression;

namespace Gatehouse.Http.Content;

/// <summary>gzip and deflate by zlib: the runtime has it as a stream only, which writes here into the output of the moment.</summary>
internal sealed class ZlibEncoder : IBodyTransform
{
    // Level 5: level 6 costs up to twice as much on long pages and is 1 to 3 in 100 smaller.
    private static readonly ZLibCompressionOptions Options = new() { CompressionLevel = 5 };

    private readonly Sink _sink = new();
    private readonly Stream _stream;

    public ZlibEncoder(ContentCoding coding) =>
        _stream = coding == ContentCoding.Gzip ? new GZipStream(_sink, Options, leaveOpen: true) : new ZLibStream(_sink, Options, leaveOpen: true);

    public void Transform(ReadOnlySpan<byte> input, bool last, IBufferWriter<byte> output)
    {
        _sink.Output = output;
        if (!input.IsEmpty)
            _stream.Write(input);
        if (last)
            _stream.Dispose();
        else if (!input.IsEmpty)
            _stream.Flush();
        _sink.Output = null;
    }

    // A body that was cut short has nowhere to send its trailer: the sink drops it.
    public void Dispose() => _stream.Dispose();

    private sealed class Sink : Stream
    {
        public IBufferWriter<byte>? Output { get; set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer) => Output?.Write(buffer);

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
