namespace Gatehouse.Protocols.Dns.Text;

/// <summary>The words of a line in presentation format: parted by blanks, in quotes where they have blanks, up to a semicolon.</summary>
internal ref struct DnsWords(ReadOnlySpan<char> line)
{
    private ReadOnlySpan<char> _rest = line;

    /// <summary>The next word as it stands, escapes included, without its quotes; false at the end.</summary>
    internal bool TryNext(out ReadOnlySpan<char> word) => TryNext(out word, out _);

    /// <inheritdoc cref="TryNext(out ReadOnlySpan{char})"/>
    internal bool TryNext(out ReadOnlySpan<char> word, out bool isQuoted)
    {
        _rest = _rest.TrimStart(" \t\r\n");
        word = default;
        isQuoted = false;
        if (_rest.IsEmpty || _rest[0] == ';')
            return false;
        isQuoted = _rest[0] == '"';
        var at = isQuoted ? 1 : 0;
        // A value like key="a b" has its quotes inside.
        var inside = isQuoted;
        for (; at < _rest.Length; at++)
        {
            var c = _rest[at];
            if (c == '\\')
                at++;
            else if (c == '"')
            {
                if (isQuoted)
                    break;
                inside = !inside;
            }
            else if (!inside && c is (' ' or '\t' or '\r' or '\n' or ';'))
                break;
        }
        at = Math.Min(at, _rest.Length);
        word = isQuoted ? _rest[1..Math.Max(at, 1)] : _rest[..at];
        _rest = _rest[(isQuoted ? Math.Min(at + 1, _rest.Length) : at)..];
        return true;
    }

    /// <summary>True when nothing but a comment is left.</summary>
    internal readonly bool IsAtEnd
    {
        get
        {
            var rest = _rest.TrimStart(" \t\r\n");
            return rest.IsEmpty || rest[0] == ';';
        }
    }
}
