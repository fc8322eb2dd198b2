using System.Buffers;

namespace Gatehouse.Http.Forms;

/// <summary>
/// Takes a multipart body apart as its bytes come (RFC 2046 section 5.1, RFC 7578), however they are split: no I/O, no copy of the content, and work that is
/// linear in its bytes. Strict where readers differ: lines end in CRLF, and behind a boundary stands a line end or "--" and nothing else.
/// </summary>
public sealed class MultipartReader
{
    /// <summary>Characters of a boundary at most (RFC 2046 section 5.1.1).</summary>
    public const int MaxBoundary = 70;

    // bchars := bcharsnospace / " " ; bcharsnospace := DIGIT / ALPHA / "'" / "(" / ")" / "+" / "_" / "," / "-" / "." / "/" / ":" / "=" / "?"
    private static readonly SearchValues<byte> BoundaryBytes =
        SearchValues.Create("'()+_,-./:=? 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private readonly MultipartLimits _limits;

    // CRLF "--" boundary. CR is its first byte and no other, so what was held of it can never overlap another start of it: matching needs no table.
    private readonly byte[] _delimiter;

    // The head's bytes behind a CRLF, so that an empty head ends like any other.
    private byte[] _head = new byte[512];
    private int _headLength;

    private State _state = State.Preamble;
    private bool _isInPart;

    // How much of the delimiter the last bytes were, and how much of that is not there to be given back: before the first line of a body or content, a CRLF
    // stands that is not part of it.
    private int _matched = 2;
    private int _assumed = 2;

    private int _parts;

    /// <summary>Makes a reader for a body.</summary>
    /// <param name="boundary">The boundary parameter of its Content-Type.</param>
    /// <param name="limits">What to accept at most.</param>
    /// <exception cref="ArgumentException">The boundary is not 1 to 70 of the characters that RFC 2046 allows, or ends in a space.</exception>
    public MultipartReader(ReadOnlySpan<byte> boundary, MultipartLimits? limits = null)
    {
        if (!IsBoundary(boundary))
            throw new ArgumentException($"A boundary must be 1 to {MaxBoundary} bchars (RFC 2046 section 5.1.1) that do not end in a space.", nameof(boundary));
        _limits = limits ?? MultipartLimits.Default;
        _delimiter = [.. "\r\n--"u8, .. boundary];
    }

    private enum State
    {
        Preamble,
        Delimited,
        Dash,
        Padding,
        LineFeed,
        Head,
        Data,
        Epilogue,
        Failed,
    }

    /// <summary>The head of the part that the last <see cref="MultipartEvent.Part"/> began.</summary>
    public MultipartPart Part { get; } = new();

    /// <summary>The fault after <see cref="MultipartEvent.Failed"/>.</summary>
    public MultipartError? Error { get; private set; }

    /// <summary>Bytes of the body used so far.</summary>
    public long Position { get; private set; }

    /// <summary>True for 1 to 70 bchars that do not end in a space (RFC 2046 section 5.1.1).</summary>
    public static bool IsBoundary(ReadOnlySpan<byte> boundary) =>
        boundary.Length is >= 1 and <= MaxBoundary && !boundary.ContainsAnyExcept(BoundaryBytes) && boundary[^1] != ' ';

    /// <summary>
    /// Goes on to the next event and takes what it used off <paramref name="input"/>. Call again with the rest until it answers
    /// <see cref="MultipartEvent.NeedMore"/>, then with the bytes that follow.
    /// </summary>
    /// <param name="input">The bytes that follow those used so far.</param>
    /// <param name="data">Content of the part, with <see cref="MultipartEvent.Data"/>: a view into the input or the reader, never empty.</param>
    public MultipartEvent Read(scoped ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> data)
    {
        var before = input.Length;
        var happened = Advance(ref input, out data);
        Position += before - input.Length;
        return happened;
    }

    /// <summary>The body has ended: <see cref="MultipartEvent.End"/> behind the closing delimiter, else <see cref="MultipartEvent.Failed"/>.</summary>
    public MultipartEvent Complete() => _state switch
    {
        State.Epilogue => MultipartEvent.End,
        State.Failed => MultipartEvent.Failed,
        State.Preamble => Fail(400, "the multipart body has no delimiter line with its boundary"),
        _ => Fail(400, "the multipart body ended before its closing delimiter"),
    };

    private MultipartEvent Advance(scoped ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> data)
    {
        data = default;
        while (true)
        {
            switch (_state)
            {
                case State.Data or State.Preamble:
                    if (Scan(ref input, out data))
                        _state = State.Delimited;
                    if (_isInPart && !data.IsEmpty)
                        return MultipartEvent.Data;
                    data = default;
                    if (_state != State.Delimited && input.IsEmpty)
                        return MultipartEvent.NeedMore;
                    break;
                case State.Delimited when _isInPart:
                    _isInPart = false;
                    return MultipartEvent.PartEnd;
                case State.Epilogue:
                    input = default;
                    return MultipartEvent.NeedMore;
                case State.Failed:
                    return MultipartEvent.Failed;
                case var _ when input.IsEmpty:
                    return MultipartEvent.NeedMore;
                case State.Head:
                    if (!TakeHead(ref input))
                        break;
                    return Begin();
                default:
                    if (AfterBoundary(input[0]) is not MultipartEvent.NeedMore and var happened)
                        return happened;
                    input = input[1..];
                    if (_state == State.Epilogue)
                        return MultipartEvent.End;
                    break;
            }
        }
    }

    // Takes content up to the delimiter off the input, and the delimiter; true when it was there. The end of the input is held back while it may be its start.
    private bool Scan(scoped ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> data)
    {
        data = default;
        if (_matched > 0)
        {
            var length = Math.Min(_delimiter.Length - _matched, input.Length);
            if (input.StartsWith(_delimiter.AsSpan(_matched, length)))
            {
                _matched += length;
                input = input[length..];
                if (_matched < _delimiter.Length)
                    return false;
                _matched = _assumed = 0;
                return true;
            }
            data = _delimiter.AsSpan(_assumed.._matched);
            _matched = _assumed = 0;
            if (!data.IsEmpty)
                return false;
        }
        var found = input.IndexOf(_delimiter);
        if (found >= 0)
        {
            data = input[..found];
            input = input[(found + _delimiter.Length)..];
            return true;
        }
        var tail = input[Math.Max(0, input.Length - _delimiter.Length + 1)..];
        var carriageReturn = tail.LastIndexOf((byte)'\r');
        if (carriageReturn >= 0 && _delimiter.AsSpan().StartsWith(tail[carriageReturn..]))
            _matched = tail.Length - carriageReturn;
        data = input[..^_matched];
        input = default;
        return false;
    }

    // delimiter line: boundary transport-padding CRLF; the last: boundary "--". Transport padding is SP and HTAB.
    private MultipartEvent AfterBoundary(byte next)
    {
        switch (_state, next)
        {
            case (State.Delimited, (byte)'-'):
                _state = State.Dash;
                return MultipartEvent.NeedMore;
            case (State.Dash, (byte)'-'):
                _state = State.Epilogue;
                return MultipartEvent.NeedMore;
            case (State.Delimited or State.Padding, (byte)' ' or (byte)'\t'):
                _state = State.Padding;
                return MultipartEvent.NeedMore;
            case (State.Delimited or State.Padding, (byte)'\r'):
                _state = State.LineFeed;
                return MultipartEvent.NeedMore;
            case (State.LineFeed, (byte)'\n'):
                if (++_parts > _limits.Parts)
                    return Fail(413, $"the multipart body has more than {_limits.Parts} parts, the limit");
                _state = State.Head;
                "\r\n"u8.CopyTo(_head);
                _headLength = 2;
                return MultipartEvent.NeedMore;
            default:
                return Fail(400, $"expected CRLF or \"--\" behind a boundary, found byte 0x{next:X2}");
        }
    }

    // Takes lines off the input until the empty one; true when the head is complete, or too long.
    private bool TakeHead(scoped ref ReadOnlySpan<byte> input)
    {
        while (!input.IsEmpty)
        {
            var lineFeed = input.IndexOf((byte)'\n');
            var length = lineFeed < 0 ? input.Length : lineFeed + 1;
            if (_headLength + length > _limits.PartHeadBytes + 2)
            {
                _headLength = int.MaxValue;
                return true;
            }
            if (_headLength + length > _head.Length)
                Array.Resize(ref _head, Math.Max(_head.Length * 2, _headLength + length));
            input[..length].CopyTo(_head.AsSpan(_headLength));
            _headLength += length;
            input = input[length..];
            if (_head.AsSpan(0, _headLength).EndsWith("\r\n\r\n"u8))
                return true;
        }
        return false;
    }

    private MultipartEvent Begin()
    {
        if (_headLength == int.MaxValue)
            return Fail(413, $"the head of a part is longer than {_limits.PartHeadBytes} bytes, the limit");
        if (Part.Read(_head, 2, _headLength) is { } fault)
            return Fail(400, fault);
        _state = State.Data;
        _isInPart = true;

        // body-part := MIME-part-headers [CRLF *OCTET]: without content, the CRLF of the empty line is that of the delimiter.
        _matched = _assumed = 2;
        return MultipartEvent.Part;
    }

    private MultipartEvent Fail(int status, string message)
    {
        _state = State.Failed;
        Error = new MultipartError(status, message, Position);
        return MultipartEvent.Failed;
    }
}
