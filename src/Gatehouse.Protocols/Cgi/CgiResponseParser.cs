using System.Text;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Protocols.Cgi;

/// <summary>
/// Parses the head of what a script answers (RFC 3875 section 6), line by line as it arrives; FastCGI, SCGI and uwsgi peers answer in the same form. Results
/// are views into the buffer given to <see cref="Parse"/>. Reused by <see cref="Reset"/>; allocates nothing in the steady state.
/// </summary>
/// <remarks>
/// <code>
/// generic-response = 1*header-field NL [ response-body ]
/// header-field     = CGI-field | generic-field, each field-name ":" [ field-value ] NL
/// Status           = "Status:" status-code SP reason-phrase NL
/// </code>
/// Leniencies, all of them customary: a line may end with CR LF; the reason phrase may be missing; white space may stand before the colon; Content-Type may
/// be missing; a status line may stand first, as non-parsed headers (section 5) and uwsgi have it. Strict about what decides where a message ends: no second
/// Content-Length, no Transfer-Encoding, no folded lines (section 6.3), no status but 200 to 599.
/// </remarks>
public sealed class CgiResponseParser
{
    private readonly int _headBytes;
    private readonly int _maxFields;
    private State _state;
    private int _start;
    private int _line = -1;
    private int _scanned;
    private Slice _location;
    private bool _hasLocation;

    /// <summary>Makes a parser, ready for a response.</summary>
    /// <param name="headBytes">Bytes that a head may have.</param>
    /// <param name="fields">Fields that it may have.</param>
    public CgiResponseParser(int headBytes = 32 * 1024, int fields = 100)
    {
        _headBytes = headBytes;
        _maxFields = fields;
        Reset();
    }

    private enum State : byte
    {
        First,
        Fields,
        Done,
        Failed,
    }

    /// <summary>The fields, but for Status, which became <see cref="Status"/>, and Content-Length, which became <see cref="ContentLength"/>.</summary>
    public HeaderTable Headers { get; } = new();

    /// <summary>The status code: of the status line or the Status field; 302 with a Location and neither (section 6.2.3); else 200.</summary>
    public int Status { get; private set; }

    /// <summary>True when a status line or a Status field named the status.</summary>
    public bool HasStatus { get; private set; }

    /// <summary>True when a status line stood first.</summary>
    public bool HasStatusLine { get; private set; }

    /// <summary>Length of the body that follows, -1 when it was not told.</summary>
    public long ContentLength { get; private set; }

    /// <summary>
    /// True for a local redirect (section 6.2.2): a Location that is a path of this server, and no status. The server answers with what it has there.
    /// </summary>
    public bool IsLocalRedirect { get; private set; }

    /// <summary>What was expected and what was found, after <see cref="ParseStatus.Failed"/>.</summary>
    public string? Error { get; private set; }

    /// <summary>Path and query of a local redirect.</summary>
    public ReadOnlySpan<byte> LocationOf(byte[] buffer) => _location.Of(buffer);

    /// <summary>Makes the parser new for the next response.</summary>
    public void Reset()
    {
        _state = State.First;
        _line = -1;
        _hasLocation = HasStatus = HasStatusLine = IsLocalRedirect = false;
        _location = default;
        Status = 0;
        ContentLength = -1;
        Error = null;
    }

    /// <summary>
    /// Goes on with the response that starts at <paramref name="start"/>; the bytes before <paramref name="end"/> have arrived. Call again with a larger
    /// <paramref name="end"/> (and <see cref="Rebase"/> before, when the bytes were moved) after <see cref="ParseStatus.NeedMore"/>.
    /// </summary>
    /// <param name="buffer">Holds the response.</param>
    /// <param name="start">Where it starts.</param>
    /// <param name="end">Behind the last byte that has arrived.</param>
    /// <param name="headEnd">Behind the head, when done: where the body starts.</param>
    public ParseStatus Parse(byte[] buffer, int start, int end, out int headEnd)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)end, (uint)buffer.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start, (uint)end);
        if (_line < 0)
        {
            _start = _line = _scanned = start;
            Headers.Reset(buffer);
        }
        // What lies behind the limit is as if it had not arrived, so that the limit falls on the same line however the bytes were split.
        var limit = _start + Math.Min(end - _start, _headBytes);
        while (_state < State.Done)
        {
            var step = buffer.AsSpan(_scanned, limit - _scanned).IndexOf((byte)'\n');
            if (step < 0)
            {
                _scanned = limit;
                headEnd = _line;
                return limit - _start < _headBytes ? ParseStatus.NeedMore : Fail($"the head is larger than the {_headBytes} bytes that it may have");
            }
            var next = _scanned + step + 1;
            var lineEnd = step + _scanned;
            if (lineEnd > _line && buffer[lineEnd - 1] == '\r')
                lineEnd--;
            if (lineEnd == _line)
                Finish(buffer);
            else
                TakeLine(buffer, _line, lineEnd);
            _line = _scanned = next;
        }
        headEnd = _line;
        return _state == State.Done ? ParseStatus.Done : ParseStatus.Failed;
    }

    /// <summary>The bytes of the response were moved by <paramref name="delta"/>, into another buffer or the same.</summary>
    public void Rebase(byte[] buffer, int delta)
    {
        Headers.Rebase(buffer, delta);
        _start += delta;
        if (_line >= 0)
            _line += delta;
        _scanned += delta;
        _location = _location.Moved(delta);
    }

    private void TakeLine(byte[] buffer, int start, int end)
    {
        ReadOnlySpan<byte> bytes = buffer;
        if (_state == State.First)
        {
            _state = State.Fields;
            if (bytes[start..end].StartsWith("HTTP/"u8))
            {
                TakeStatusLine(bytes[start..end]);
                return;
            }
        }
        // field-name = token; only as much of the buffer is looked at as the line has.
        var nameEnd = Math.Min(ByteScan.EndOf(ByteScan.Token, bytes[..end], start, end), end);
        var colon = nameEnd;
        while (colon < end && bytes[colon] is (byte)' ' or (byte)'\t')
            colon++;
        if (nameEnd == start || colon == end || bytes[colon] != ':')
        {
            Fail(nameEnd == start && bytes[start] is (byte)' ' or (byte)'\t' ? "a folded line (RFC 3875 section 6.3)" : "a line of the head that is not 'name: value'");
            return;
        }
        var valueStart = colon + 1;
        while (valueStart < end && bytes[valueStart] is (byte)' ' or (byte)'\t')
            valueStart++;
        var valueEnd = end;
        while (valueEnd > valueStart && bytes[valueEnd - 1] is (byte)' ' or (byte)'\t')
            valueEnd--;
        if (ByteScan.EndOfValue(bytes[..valueEnd], valueStart, valueEnd) < valueEnd)
        {
            Fail("a field value with a control character (RFC 9110 section 5.5)");
            return;
        }
        if (Headers.Count >= _maxFields)
        {
            Fail($"more than the {_maxFields} fields that a head may have");
            return;
        }
        TakeField(KnownHeaders.Find(bytes, start, nameEnd - start), bytes[valueStart..valueEnd], start, nameEnd - start, valueStart);
    }

    private void TakeField(KnownHeader known, ReadOnlySpan<byte> value, int nameStart, int nameLength, int valueStart)
    {
        switch (known)
        {
            case KnownHeader.Status:
                if (HasStatus)
                    Fail("a second status");
                else
                    TakeStatus(value);
                return;
            case KnownHeader.ContentLength:
                TakeLength(value);
                return;
            case KnownHeader.TransferEncoding:
                Fail("a Transfer-Encoding: a script does not frame its body (RFC 3875 section 6.3.4)");
                return;
            case KnownHeader.Location when !_hasLocation:
                _hasLocation = true;
                _location = new Slice(valueStart, value.Length);
                break;
            case KnownHeader.Location:
                Fail("a second Location (RFC 3875 section 6.3)");
                return;
        }
        Headers.Add(known, nameStart, nameLength, valueStart, value.Length);
    }

    // HTTP-version SP status-code [ SP reason-phrase ]
    private void TakeStatusLine(ReadOnlySpan<byte> line)
    {
        var space = line.IndexOf((byte)' ');
        if (space is < 6 or > 8)
        {
            Fail("a status line that is not 'HTTP/1.1 200 OK'");
            return;
        }
        HasStatusLine = true;
        TakeStatus(line[(space + 1)..]);
    }

    private void TakeStatus(ReadOnlySpan<byte> value)
    {
        HasStatus = true;
        if (value.Length < 3 || (value.Length > 3 && value[3] != ' ') || !Ascii.IsValid(value[..3]) || !int.TryParse(value[..3], out var status) || status is < 200 or > 599)
            Fail("a status that is not a number from 200 to 599");
        else
            Status = status;
    }

    private void TakeLength(ReadOnlySpan<byte> value)
    {
        var digits = value.TrimStart((byte)'0');
        if (ContentLength >= 0 || value.IsEmpty || value.ContainsAnyExceptInRange((byte)'0', (byte)'9') || digits.Length > 18)
        {
            Fail(ContentLength >= 0 ? "a second Content-Length" : "a Content-Length that is not a number");
            return;
        }
        ContentLength = 0;
        foreach (var digit in digits)
            ContentLength = (ContentLength * 10) + digit - '0';
    }

    private void Finish(byte[] buffer)
    {
        if (Headers.Count == 0 && !HasStatus && ContentLength < 0)
        {
            Fail("an empty line where the first field was expected (RFC 3875 section 6.2)");
            return;
        }
        _state = State.Done;
        if (HasStatus)
            return;
        // A path, and not the //host/path of another server.
        IsLocalRedirect = _location.Length > 0 && buffer[_location.Start] == '/' && !(_location.Length > 1 && buffer[_location.Start + 1] == '/');
        Status = _hasLocation ? 302 : 200;
    }

    private ParseStatus Fail(string found)
    {
        _state = State.Failed;
        Error = $"found {found}";
        return ParseStatus.Failed;
    }
}
