using Gatehouse.Protocols.Headers;

namespace Gatehouse.Protocols.Http1;

/// <summary>
/// Finds the data and the end of a chunked body (RFC 9112 section 7.1) in spans as they arrive, without copying; strict. Trailer fields are collected in a
/// buffer of its own; those that must not be trailers are dropped (<see cref="TrailerFields"/>). Reused from body to body by <see cref="Reset"/>.
/// </summary>
/// <remarks>
/// <code>
/// chunked-body = *chunk last-chunk trailer-section CRLF
/// chunk        = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
/// chunk-size   = 1*HEXDIG
/// last-chunk   = 1*("0") [ chunk-ext ] CRLF
/// </code>
/// Strict: at most 16 digits, leading zeros included. Extensions are held to their grammar and bound, then ignored.
/// </remarks>
public sealed class Http1ChunkedDecoder
{
    private const int MaxSizeDigits = 16;

    private readonly Http1Limits _limits;
    private ChunkExtension _extension;
    private State _state;
    private int _digits;
    private long _left;
    private long _position;
    private TrailerSection? _trailers;

    /// <summary>Makes a decoder with these limits, ready for a body.</summary>
    public Http1ChunkedDecoder(Http1Limits limits) => _limits = limits;

    private enum State : byte
    {
        Size,
        Extension,
        SizeLf,
        Data,
        DataCr,
        DataLf,
        Trailers,
        Done,
        Failed,
    }

    /// <summary>The fields behind the body, once it is done; null when there were none. Valid until <see cref="Reset"/>.</summary>
    public HeaderTable? Trailers => _state == State.Done && _trailers is { Fields.Count: > 0 } ? _trailers.Fields : null;

    /// <summary>The fault after <see cref="ParseStatus.Failed"/>.</summary>
    public Http1Error? Error { get; private set; }

    /// <summary>Makes the decoder new for the next body.</summary>
    public void Reset()
    {
        _state = State.Size;
        _digits = 0;
        _left = 0;
        _position = 0;
        _trailers?.Reset();
        Error = null;
    }

    /// <summary>
    /// Goes through <paramref name="input"/> up to the end of the first run of data in it. After <see cref="ParseStatus.NeedMore"/> call again with the rest of
    /// the input when there is any, else with what arrives next.
    /// </summary>
    /// <param name="input">The bytes behind those consumed before.</param>
    /// <param name="consumed">How many of them are dealt with, data included; what follows when done is the next message.</param>
    /// <param name="data">Where in the input the data is; empty when the input has framing only.</param>
    public ParseStatus Decode(ReadOnlySpan<byte> input, out int consumed, out Slice data)
    {
        consumed = 0;
        data = default;
        while (consumed < input.Length && _state < State.Done)
        {
            if (_state == State.Data)
            {
                data = new Slice(consumed, (int)Math.Min(_left, input.Length - consumed));
                consumed += data.Length;
                _left -= data.Length;
                if (_left == 0)
                    _state = State.DataCr;
                break;
            }
            if (_state == State.Trailers)
                consumed += TakeTrailers(input[consumed..], consumed);
            else if (Step(input[consumed]) is { } fault)
                return Fail(400, fault, consumed);
            else
                consumed++;
        }
        _position += consumed;
        return _state switch
        {
            State.Done => ParseStatus.Done,
            State.Failed => ParseStatus.Failed,
            _ => ParseStatus.NeedMore,
        };
    }

    private string? Step(byte next)
    {
        switch (_state)
        {
            case State.Size:
                return StepSize(next);
            case State.Extension:
                var fault = _extension.Step(next, _limits.ChunkExtensionBytes, out var ended);
                if (ended)
                    _state = State.SizeLf;
                return fault;
            case State.SizeLf:
                if (next != '\n')
                    return "bare CR in a chunk's head: a line ends with CR LF (RFC 9112 section 7.1)";
                _state = _left == 0 ? State.Trailers : State.Data;
                return null;
            case State.DataCr:
                if (next != '\r')
                    return "chunk data longer than its size, or without CR LF behind it (RFC 9112 section 7.1)";
                _state = State.DataLf;
                return null;
            default:
                if (next != '\n')
                    return "chunk data without CR LF behind it (RFC 9112 section 7.1)";
                _state = State.Size;
                _digits = 0;
                return null;
        }
    }

    private string? StepSize(byte next)
    {
        var digit = HexValue(next);
        if (digit >= 0)
        {
            if (++_digits > MaxSizeDigits || _left > long.MaxValue >> 4)
                return "a chunk size beyond 2^63-1, or of more than 16 digits (RFC 9112 section 7.1)";
            _left = (_left << 4) | (uint)digit;
            return null;
        }
        if (_digits == 0)
            return "a chunk size must start with a hexadecimal digit (RFC 9112 section 7.1)";
        if (next == '\r')
        {
            _state = State.SizeLf;
            return null;
        }
        _state = State.Extension;
        _extension = default;
        return _extension.Step(next, _limits.ChunkExtensionBytes, out _);
    }

    private static int HexValue(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };

    private int TakeTrailers(ReadOnlySpan<byte> input, int at)
    {
        _trailers ??= new TrailerSection(_limits);
        var status = _trailers.Take(input, out var taken);
        if (status == ParseStatus.Failed)
            Fail(_trailers.FaultStatus, _trailers.Fault!, at + taken);
        else if (status == ParseStatus.Done)
            _state = State.Done;
        return taken;
    }

    private ParseStatus Fail(int status, string message, int at)
    {
        _state = State.Failed;
        Error = new Http1Error(status, message, (int)Math.Min(_position + at, int.MaxValue));
        return ParseStatus.Failed;
    }
}
