using System.Buffers;
using Gatehouse.Http.Content;

namespace Gatehouse.Http.Client.Exchanges;

/// <summary>A body behind one of its content codings. Decoding runs where the reader runs.</summary>
internal sealed class DecodedBody(Stream coded, ContentDecoder decoder) : UnseekableStream
{
    private readonly byte[] _input = new byte[16 * 1024];
    private readonly ArrayBufferWriter<byte> _decoded = new();
    private int _taken;
    private ClientException? _failure;
    private bool _isEnded;

    public override bool CanRead => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_failure is not null)
            throw _failure;
        if (buffer.IsEmpty)
            return 0;
        while (_taken == _decoded.WrittenCount && !_isEnded)
        {
            _decoded.ResetWrittenCount();
            _taken = 0;
            var count = await coded.ReadAsync(_input, cancellationToken);
            _isEnded = count == 0;
            Decode(_input.AsSpan(0, count));
        }
        var given = Math.Min(buffer.Length, _decoded.WrittenCount - _taken);
        _decoded.WrittenMemory.Slice(_taken, given).CopyTo(buffer);
        _taken += given;
        return given;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _isEnded = true;
            coded.Dispose();
            decoder.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Decode(ReadOnlySpan<byte> input)
    {
        try
        {
            decoder.Transform(input, _isEnded, _decoded);
        }
        catch (ContentDecodingException exception)
        {
            coded.Dispose();
            _failure = new ClientException(ClientFault.BadResponse, exception.Message, exception);
            throw _failure;
        }
    }
}
