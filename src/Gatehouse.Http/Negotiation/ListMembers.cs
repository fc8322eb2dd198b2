using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Negotiation;

/// <summary>
/// The members of a comma-separated field, over all its lines (RFC 9110 section 5.6.1: <c>#element</c>). Empty members are skipped, commas inside a quoted
/// string do not separate; a quoted string that never ends takes the rest of its line, and its grammar then refuses it.
/// </summary>
internal ref struct ListMembers
{
    private readonly HeaderTable? _headers;
    private readonly KnownHeader _name;
    private int _nextField;
    private ReadOnlySpan<byte> _rest;

    public ListMembers(ReadOnlySpan<byte> value) => _rest = value;

    public ListMembers(HeaderTable headers, KnownHeader name)
    {
        _name = name;
        if (headers.Contains(name))
            _headers = headers;
    }

    public ReadOnlySpan<byte> Current { get; private set; }

    public bool MoveNext()
    {
        while (!_rest.IsEmpty || NextLine())
        {
            var end = EndOfMember(_rest);
            Current = _rest[..end].Trim(" \t"u8);
            _rest = end < _rest.Length ? _rest[(end + 1)..] : default;
            if (!Current.IsEmpty)
                return true;
        }
        return false;
    }

    private bool NextLine()
    {
        if (_headers is null)
            return false;
        while (_nextField < _headers.Count)
        {
            var field = _headers[_nextField++];
            if (field.Known == _name && !field.Value.IsEmpty)
            {
                _rest = field.Value;
                return true;
            }
        }
        return false;
    }

    private static int EndOfMember(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (true)
        {
            var found = text[at..].IndexOfAny((byte)',', (byte)'"');
            if (found < 0)
                return text.Length;
            at += found;
            if (text[at] == ',')
                return at;
            at += QuotedString.Length(text[at..]);
        }
    }
}
