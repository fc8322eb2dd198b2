namespace Gatehouse.Protocols.Headers;

/// <summary>
/// Walks the members of a list over all fields of one name, which together are one list (RFC 9110 section 5.3), without allocating:
/// <c>foreach (var member in new HeaderValues(headers, KnownHeader.Accept))</c>.
/// </summary>
public ref struct HeaderValues
{
    private readonly HeaderTable _table;
    private readonly KnownHeader _name;
    private HeaderListReader _members;
    private int _next;

    /// <summary>Starts before the first member of the fields called <paramref name="name"/> in <paramref name="table"/>.</summary>
    public HeaderValues(HeaderTable table, KnownHeader name)
    {
        _table = table;
        _name = name;
        _next = table.Contains(name) ? 0 : table.Count;
    }

    /// <summary>The member that the last <see cref="MoveNext"/> found; never empty.</summary>
    public readonly ReadOnlySpan<byte> Current => _members.Current;

    /// <summary>The walk itself, for <c>foreach</c>.</summary>
    public readonly HeaderValues GetEnumerator() => this;

    /// <summary>Goes to the next member; false when there is none.</summary>
    public bool MoveNext()
    {
        while (!_members.MoveNext())
        {
            while (_next < _table.Count && _table[_next].Known != _name)
                _next++;
            if (_next == _table.Count)
                return false;
            _members = new HeaderListReader(_table[_next++].Value);
        }
        return true;
    }
}
