using Gatehouse.Protocols.Headers;

namespace Gatehouse.Protocols.Http1;

/// <summary>
/// What the parsers of request and response heads share (RFC 9112 sections 2, 5 and 6): lines as they arrive, fields into a table, framing while they pass.
/// </summary>
/// <remarks>
/// Each byte is looked at once when a head arrives whole. A line that is not complete is read again when its end has come, never before, and complete lines are
/// not read again; so the work is linear in the bytes however they are split, and so is the verdict the same: a line is judged when it is complete.
/// </remarks>
public abstract class Http1HeadParser
{
    private readonly bool _isResponse;
    private Phase _phase;
    private int _start;
    private int _line = -1;
    private int _scanned;
    private bool _skippedEmptyLine;

    private protected Http1HeadParser(Http1Limits limits, bool isResponse)
    {
        Limits = limits;
        _isResponse = isResponse;
        Framing.Reset();
    }

    private enum Phase : byte
    {
        StartLine,
        Fields,
        Done,
        Failed,
    }

    /// <summary>The limits it holds.</summary>
    public Http1Limits Limits { get; set; }

    /// <summary>The fields.</summary>
    public HeaderTable Headers { get; } = new();

    /// <summary>1 for HTTP/1.1 (and any later minor version), 0 for HTTP/1.0.</summary>
    public int MinorVersion { get; private protected set; }

    /// <summary>True when the connection persists after this message (RFC 9112 section 9.3).</summary>
    public bool KeepAlive { get; private protected set; }

    /// <summary>The fault after <see cref="ParseStatus.Failed"/>.</summary>
    public Http1Error? Error { get; private set; }

    /// <summary>Longest start line that is waited for, CRLF included.</summary>
    private protected abstract int StartLineBytes { get; }

    /// <summary>The fault when <see cref="StartLineBytes"/> is passed.</summary>
    private protected abstract (int Status, string Message) StartLineTooLong { get; }

    /// <summary>What Content-Length, Transfer-Encoding and Connection said so far.</summary>
    private protected FramingFields Framing;

    /// <summary>
    /// Goes on with the message that starts at <paramref name="start"/>; the bytes before <paramref name="end"/> have arrived. Call again with a larger
    /// <paramref name="end"/> (and <see cref="Rebase"/> before, when the bytes were moved) after <see cref="ParseStatus.NeedMore"/>.
    /// </summary>
    /// <param name="buffer">Holds the message.</param>
    /// <param name="start">Where the message starts.</param>
    /// <param name="end">Behind the last byte that has arrived.</param>
    /// <param name="headEnd">Behind the head, when done: where the body starts.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="start"/> and <paramref name="end"/> are not a range of
    /// <paramref name="buffer"/>.</exception>
    public ParseStatus Parse(byte[] buffer, int start, int end, out int headEnd)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)end, (uint)buffer.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start, (uint)end);
        headEnd = _line;
        if (_phase >= Phase.Done)
            return _phase == Phase.Done ? ParseStatus.Done : ParseStatus.Failed;
        _start = start;
        if (_line < 0)
        {
            _line = _scanned = start;
            Headers.Reset(buffer);
        }
        // What lies behind the head limit is as if it had not arrived, so that the limit falls on the same line however the bytes were split.
        var limit = start + Math.Min(end - start, Limits.HeadBytes);
        var status = _scanned == _line || buffer.AsSpan(_scanned, limit - _scanned).Contains((byte)'\n') ? ReadLines(buffer, limit) : ParseStatus.NeedMore;
        headEnd = _line;
        return status == ParseStatus.NeedMore ? Wait(limit) : status;
    }

    /// <summary>The bytes of the message were moved by <paramref name="delta"/>, into another buffer or the same.</summary>
    public virtual void Rebase(byte[] buffer, int delta)
    {
        Headers.Rebase(buffer, delta);
        _start += delta;
        if (_line >= 0)
            _line += delta;
        _scanned += delta;
    }

    /// <summary>Makes the shared part new for the next message.</summary>
    private protected void ResetHead()
    {
        _phase = Phase.StartLine;
        _line = -1;
        _skippedEmptyLine = false;
        MinorVersion = 0;
        KeepAlive = false;
        Error = null;
        Framing.Reset();
    }

    /// <summary>Reads the start line at <paramref name="at"/>; when done, moves it behind the line.</summary>
    private protected abstract ParseStatus ReadStartLine(ReadOnlySpan<byte> bytes, ref int at, int limit);

    /// <summary>Looks at a Host or Expect field.</summary>
    private protected abstract ParseStatus TakeField(ReadOnlySpan<byte> bytes, KnownHeader known, Slice value);

    /// <summary>Draws the conclusions when all fields are there; <paramref name="at"/> is the empty line.</summary>
    private protected abstract ParseStatus Finish(int at);

    /// <summary>Ends the message with a fault at offset <paramref name="at"/> of the buffer.</summary>
    private protected ParseStatus Fail(int status, string message, int at)
    {
        _phase = Phase.Failed;
        Error = new Http1Error(_isResponse ? 502 : status, message, at - _start);
        return ParseStatus.Failed;
    }

    /// <summary>As <see cref="Fail"/>, once the LF of the line is there.</summary>
    private protected ParseStatus FailLine(ReadOnlySpan<byte> bytes, int limit, int status, string message, int at) =>
        at < limit && bytes[at..limit].Contains((byte)'\n') ? Fail(status, message, at) : ParseStatus.NeedMore;

    private ParseStatus Wait(int limit)
    {
        _scanned = limit;
        if (_phase == Phase.StartLine && limit - _line >= StartLineBytes)
            return Fail(StartLineTooLong.Status, StartLineTooLong.Message, _line);
        if (limit - _start >= Limits.HeadBytes)
            return Fail(431, "the head is larger than the limit", limit);
        return ParseStatus.NeedMore;
    }

    private ParseStatus ReadLines(byte[] buffer, int limit)
    {
        if (_phase == Phase.StartLine)
        {
            // Leniency: one empty line before a request line, which old clients send after a body (RFC 9112 section 2.2).
            if (!_isResponse && !_skippedEmptyLine && limit - _line >= 2 && buffer[_line] == '\r' && buffer[_line + 1] == '\n')
            {
                _line += 2;
                _skippedEmptyLine = true;
            }
            var lineLimit = _line + Math.Min(limit - _line, StartLineBytes);
            var status = ReadStartLine(buffer, ref _line, lineLimit);
            if (status != ParseStatus.Done)
                return status;
            _phase = Phase.Fields;
        }
        return ReadFields(buffer, limit);
    }

    private ParseStatus ReadFields(byte[] buffer, int limit)
    {
        ReadOnlySpan<byte> bytes = buffer;
        var at = _line;
        var maxFields = Limits.Fields;
        var line = default(FieldLine);
        var status = ParseStatus.NeedMore;
        while (at < limit)
        {
            if (bytes[at] == '\r')
            {
                if (limit - at < 2 || bytes[at + 1] != '\n')
                {
                    status = FailLine(bytes, limit, 400, "bare CR: a line ends with CR LF (RFC 9112 section 2.2)", at);
                    break;
                }
                status = Finish(at);
                if (status == ParseStatus.Done)
                {
                    _phase = Phase.Done;
                    at += 2;
                }
                break;
            }

            status = line.Read(bytes, at, limit, _isResponse);
            if (status != ParseStatus.Done)
            {
                if (status == ParseStatus.Failed)
                {
                    if (_isResponse && TryUnfold(buffer, ref at, limit))
                    {
                        status = ParseStatus.NeedMore;
                        continue;
                    }
                    Fail(400, FieldLine.Fault(bytes, at, line.FaultAt), line.FaultAt);
                }
                break;
            }
            status = ParseStatus.NeedMore;
            if (Headers.Count >= maxFields)
            {
                status = Fail(431, "more fields than the limit", at);
                break;
            }
            var known = KnownHeaders.Find(bytes, at, line.NameEnd - at);
            Headers.Add(known, at, line.NameEnd - at, line.ValueStart, line.ValueEnd - line.ValueStart);
            if (known is KnownHeader.Host or KnownHeader.Expect or KnownHeader.ContentLength or KnownHeader.TransferEncoding or KnownHeader.Connection)
            {
                if (Take(bytes, known, new Slice(line.ValueStart, line.ValueEnd - line.ValueStart)) == ParseStatus.Failed)
                {
                    status = ParseStatus.Failed;
                    break;
                }
            }
            at = line.Next;
        }
        _line = at;
        return status;
    }

    private ParseStatus Take(ReadOnlySpan<byte> bytes, KnownHeader known, Slice slice)
    {
        var value = bytes.Slice(slice.Start, slice.Length);
        var status = 400;
        string? fault = null;
        switch (known)
        {
            case KnownHeader.Connection:
                Framing.TakeConnection(value);
                break;
            case KnownHeader.ContentLength:
                fault = Framing.TakeContentLength(value);
                break;
            case KnownHeader.TransferEncoding:
                fault = Framing.TakeTransferEncoding(value, out status);
                break;
            default:
                return TakeField(bytes, known, slice);
        }
        return fault is null ? ParseStatus.Done : Fail(status, fault, slice.Start);
    }

    /// <summary>
    /// Leniency for responses: a folded line is joined to the field before it by writing spaces over the line break in the buffer, as RFC 9112 section 5.2
    /// asks of a proxy or user agent. Fields that decide about framing must not be folded.
    /// </summary>
    private bool TryUnfold(byte[] buffer, ref int at, int limit)
    {
        if (buffer[at] is not ((byte)' ' or (byte)'\t') || Headers.Count == 0)
            return false;
        var end = ByteScan.EndOfValue(buffer, at, limit);
        if (end + 2 > limit || buffer[end] != '\r' || buffer[end + 1] != '\n')
            return false;
        if (Headers[Headers.Count - 1].Known is KnownHeader.ContentLength or KnownHeader.TransferEncoding or KnownHeader.Connection)
            return false;
        buffer[at - 2] = buffer[at - 1] = (byte)' ';
        Headers.ExtendLast(end);
        at = end + 2;
        return true;
    }
}
