using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Http.Server.Http1;

/// <summary>Reads one request's body: by length straight into the reader's buffer, or chunked through the connection's input.</summary>
internal sealed class Http1RequestBody
{
    /// <summary>What <see cref="Read"/> answers when no byte is there yet.</summary>
    public const int WouldBlock = -1;

    private readonly Http1BodyDecoder _decoder = new();
    private Http1Connection _connection = null!;

    /// <summary>True when the whole body has been read.</summary>
    public bool IsComplete => _decoder.IsComplete;

    /// <summary>Bytes of content read so far.</summary>
    public long Received => _decoder.Received;

    /// <summary>The fields behind a chunked body; null when there were none.</summary>
    public HeaderTable? Trailers => _decoder.Trailers;

    /// <summary>Starts with the body that a request announces: -1 chunked, else its length.</summary>
    public void Begin(Http1Connection connection, long contentLength, Http1Limits limits)
    {
        _connection = connection;
        var framing = contentLength < 0 ? BodyFraming.Chunked : contentLength == 0 ? BodyFraming.None : BodyFraming.Length;
        _decoder.Begin(framing, contentLength, limits);
    }

    /// <summary>Reads into <paramref name="destination"/> what is there: a count, 0 at the end, or <see cref="WouldBlock"/>.</summary>
    /// <exception cref="BadRequestException">Malformed (400), over <paramref name="limit"/> (413), or the connection ended (499).</exception>
    public int Read(Span<byte> destination, long limit)
    {
        var input = _connection.Input;
        while (!_decoder.IsComplete && !destination.IsEmpty)
        {
            IoResult result;
            if (input.Available > 0)
            {
                var taken = _decoder.Take(input.Unused, destination, out var consumed);
                input.Consume(consumed);
                if (taken < 0)
                    throw new BadRequestException(_decoder.Error!.Status, _decoder.Error.Message);
                if (taken > 0)
                    return Checked(taken, limit);
                continue;
            }
            var direct = _decoder.DirectLimit(destination.Length);
            result = direct > 0 ? _connection.Read(destination[..direct]) : _connection.FillInput();
            if (result.IsWouldBlock)
                return WouldBlock;
            if (!result.IsDone)
            {
                var how = result.IsEndOfStream ? "the client ended the connection" : "the client's connection broke";
                throw new BadRequestException(499, $"{how} inside the request's body");
            }
            if (direct == 0)
                continue;
            _decoder.Took(result.Count);
            return Checked(result.Count, limit);
        }
        return 0;
    }

    private int Checked(int count, long limit) => _decoder.Received <= limit ? count : throw ServerExchange.TooLarge(limit);
}
