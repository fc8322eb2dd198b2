namespace Gatehouse.Protocols.Headers;

/// <summary>
/// Walks the parameters behind a value, as in <c>text/html; charset="utf-8"</c>, without allocating: parameters = *( OWS ";" OWS [ parameter ] );
/// parameter = parameter-name "=" parameter-value (RFC 9110 section 5.6.6). Empty parameters are skipped. Nothing is refused: a part that is no
/// parameter comes with an empty <see cref="Value"/>, and whoever cares looks at <see cref="IsWellFormed"/>.
/// </summary>
public ref struct HeaderParameters
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts before the first parameter of <paramref name="member"/>.</summary>
    public HeaderParameters(ReadOnlySpan<byte> member)
    {
        var end = HeaderListReader.EndOf(member, (byte)';');
        Item = HeaderSyntax.Trim(member[..end]);
        _rest = end == member.Length ? default : member[(end + 1)..];
    }

    /// <summary>What the parameters belong to: the part before the first semicolon, without white space around it.</summary>
    public ReadOnlySpan<byte> Item { get; }

    /// <summary>Name of the current parameter (compared without case).</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Value of the current parameter as received: a token, or a quoted-string with its quotes (see <see cref="HeaderSyntax.TryUnquote"/>).</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>True when the current part is token "=" ( token / quoted-string ), with no white space at the "=".</summary>
    public readonly bool IsWellFormed =>
        HeaderSyntax.IsToken(Name) && (HeaderSyntax.IsToken(Value) || (!Value.IsEmpty && HeaderSyntax.QuotedLength(Value) == Value.Length));

    /// <summary>The value inside its quotes when it is a quoted-string without a quoted-pair, else <see cref="Value"/> as it is.</summary>
    public readonly ReadOnlySpan<byte> PlainValue =>
        Value.Length >= 2 && Value[0] == '"' && Value[^1] == '"' && !Value.Contains((byte)'\\') ? Value[1..^1] : Value;

    /// <summary>Goes to the next parameter; false when there is none.</summary>
    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            var end = HeaderListReader.EndOf(_rest, (byte)';');
            var part = HeaderSyntax.Trim(_rest[..end]);
            _rest = end == _rest.Length ? default : _rest[(end + 1)..];
            if (part.IsEmpty)
                continue;
            var equals = part.IndexOf((byte)'=');
            Name = equals < 0 ? part : part[..equals];
            Value = equals < 0 ? default : part[(equals + 1)..];
            return true;
        }
        Name = Value = default;
        return false;
    }
}
