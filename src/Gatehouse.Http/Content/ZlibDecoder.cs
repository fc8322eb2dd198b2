using System.Buffers;
using System.IO.Compression;

namespace Gatehouse.Http.Content;

/// <summary>
/// gzip (RFC 1952, several members too) and deflate (RFC 1950; also raw RFC 1951, which some servers send under that name: RFC 9110 section 8.4.1.2).
/// Bytes behind the end are ignored, as browsers do.
/// </summary>
internal sealed class ZlibDecoder(ContentCoding coding, DecodingLimits limits) : ContentDecoder(coding, limits)
{
    private static readonly byte[] Probe = [0];

    private readonly Source _source = new();
    private readonly bool _isGzip = coding == ContentCoding.Gzip;
    private Stream? _stream;

    public override void Dispose()
    {
        _stream?.Dispose();
        _source.Dispose();
    }

    private protected override void Decode(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        _stream ??= Open(input[0]);
        try
        {
            while (!input.IsEmpty)
            {
                input = input[_source.Give(input)..];
                int read;
                do
                {
                    _source.WasAsked = false;
                    read = _stream.Read(Room(output));
                    Advance(output, read);
                }
                while (read > 0);
            }
        }
        // An IOException is zlib's own: it wants a preset dictionary, on which no client and server could have agreed.
        catch (Exception fault) when (fault is InvalidDataException or (IOException and not ContentDecodingException))
        {
            throw Malformed(fault.Message, fault);
        }
    }

    // The stream does not tell a whole body from a cut one, but it shows by what it asks for: at the end of a zlib stream it asks for nothing. At the end of a
    // gzip member it asks for one byte to see whether another member starts, and when that is a zero, for nothing more.
    private protected override bool IsComplete()
    {
        if (!_source.WasAsked || !_isGzip)
            return !_source.WasAsked;
        return TakesProbe() && !TakesProbe();
    }

    private bool TakesProbe()
    {
        Span<byte> nothing = stackalloc byte[1];
        _source.Give(Probe);
        _source.WasAsked = false;
        try
        {
            if (_stream!.Read(nothing) > 0)
                return true;
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException)
        {
            return true;
        }
        return _source.IsEmpty;
    }

    // The low half of a zlib header's first byte is 8; a raw block cannot start with that.
    private Stream Open(byte first)
    {
        if (_isGzip)
            return new GZipStream(_source, CompressionMode.Decompress, leaveOpen: true);
        return (first & 0x0F) == 8
            ? new ZLibStream(_source, CompressionMode.Decompress, leaveOpen: true)
            : new DeflateStream(_source, CompressionMode.Decompress, leaveOpen: true);
    }

    /// <summary>Gives the stream what has arrived, and says "nothing now" by reading 0, after which it can be asked again.</summary>
    private sealed class Source : Stream
    {
        private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(8 * 1024);
        private int _start;
        private int _end;

        public bool WasAsked { get; set; }

        public bool IsEmpty => _start == _end;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public int Give(ReadOnlySpan<byte> input)
        {
            _start = 0;
            _end = Math.Min(input.Length, _buffer.Length);
            input[.._end].CopyTo(_buffer);
            return _end;
        }

        public override int Read(Span<byte> buffer)
        {
            WasAsked |= IsEmpty;
            var count = Math.Min(buffer.Length, _end - _start);
            _buffer.AsSpan(_start, count).CopyTo(buffer);
            _start += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing && _end >= 0)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
                _start = _end = -1;
            }
            base.Dispose(disposing);
        }
    }
}
