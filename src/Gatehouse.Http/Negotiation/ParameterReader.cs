namespace Gatehouse.Http.Negotiation;

/// <summary>
/// <c>parameters = *( OWS ";" OWS [ parameter ] )</c>, <c>parameter = token "=" ( token / quoted-string )</c> (RFC 9110 section 5.6.6). White space around
/// the equals sign is refused, as the RFC does.
/// </summary>
internal ref struct ParameterReader(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The value as written, still in its quotes.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>True when reading ended at something that is no parameter.</summary>
    public bool IsMalformed { get; private set; }

    public bool MoveNext()
    {
        while (true)
        {
            _rest = _rest.TrimStart(" \t"u8);
            if (_rest.IsEmpty)
                return false;
            if (_rest[0] != ';')
                return Fail();
            _rest = _rest[1..].TrimStart(" \t"u8);
            if (!_rest.IsEmpty && _rest[0] != ';')
                return ReadParameter();
        }
    }

    private bool ReadParameter()
    {
        var name = QuotedString.TokenLength(_rest);
        if (name == 0 || name == _rest.Length || _rest[name] != '=')
            return Fail();
        var value = _rest[(name + 1)..];
        var isQuoted = !value.IsEmpty && value[0] == '"';
        var length = isQuoted ? QuotedString.Length(value) : QuotedString.TokenLength(value);
        if (length == 0 || (isQuoted && !QuotedString.IsWhole(value[..length])))
            return Fail();
        Name = _rest[..name];
        Value = value[..length];
        _rest = value[length..];
        return true;
    }

    private bool Fail()
    {
        IsMalformed = true;
        _rest = default;
        return false;
    }
}
