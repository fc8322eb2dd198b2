using Gatehouse.Protocols.Headers;

namespace Gatehouse.Protocols.Http1;

/// <summary>Collects the fields behind a chunked body: trailer-section = *( field-line CRLF ), ended by an empty line (RFC 9112 section 7.1.2).</summary>
internal sealed class TrailerSection(Http1Limits limits)
{
    private byte[] _bytes = new byte[256];
    private int _used;
    private int _line;
    private int _count;
    private bool _isBound;

    /// <summary>The fields that may be trailers.</summary>
    public HeaderTable Fields { get; } = new(8);

    /// <summary>After <see cref="ParseStatus.Failed"/>: what was expected and what was found.</summary>
    public string? Fault { get; private set; }

    /// <summary>The status that answers the fault.</summary>
    public int FaultStatus { get; private set; }

    public void Reset()
    {
        _used = _line = _count = 0;
        Fields.Reset(_bytes);
        _isBound = true;
    }

    /// <summary>Takes bytes up to the end of the section; <paramref name="taken"/> is where a fault was found when there is one.</summary>
    public ParseStatus Take(ReadOnlySpan<byte> input, out int taken)
    {
        if (!_isBound)
            Reset();
        taken = 0;
        while (taken < input.Length)
        {
            var rest = input[taken..];
            var lineFeed = rest.IndexOf((byte)'\n');
            var run = lineFeed < 0 ? rest.Length : lineFeed + 1;
            if (run > limits.TrailerBytes - _used)
            {
                taken += limits.TrailerBytes - _used;
                return Fail(431, "the trailer section is larger than the limit");
            }
            Append(rest[..run]);
            taken += run;
            if (lineFeed < 0)
                break;
            if (_used - _line == 2 && _bytes[_line] == '\r')
                return ParseStatus.Done;
            if (!TryTakeLine())
                return ParseStatus.Failed;
        }
        return ParseStatus.NeedMore;
    }

    private bool TryTakeLine()
    {
        var line = default(FieldLine);
        if (line.Read(_bytes, _line, _used, spaceBeforeColon: false) != ParseStatus.Done)
        {
            Fail(400, FieldLine.Fault(_bytes, _line, line.FaultAt));
            return false;
        }
        if (++_count > limits.Fields)
        {
            Fail(431, "more trailer fields than the limit");
            return false;
        }
        var known = KnownHeaders.Find(_bytes, _line, line.NameEnd - _line);
        if (TrailerFields.IsAllowed(known))
            Fields.Add(known, _line, line.NameEnd - _line, line.ValueStart, line.ValueEnd - line.ValueStart);
        _line = _used;
        return true;
    }

    private void Append(ReadOnlySpan<byte> run)
    {
        if (_used + run.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_used + run.Length, _bytes.Length * 2));
            Fields.Rebase(_bytes, 0);
        }
        run.CopyTo(_bytes.AsSpan(_used));
        _used += run.Length;
    }

    private ParseStatus Fail(int status, string fault)
    {
        FaultStatus = status;
        Fault = fault;
        return ParseStatus.Failed;
    }
}
