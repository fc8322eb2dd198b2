using System.Buffers;

namespace Gatehouse.Http.Forms;

/// <summary>
/// Goes through the parameters behind a media type or disposition type (RFC 2045 section 5.1): views into the field's value. Lenient where clients differ:
/// white space around the parts, empty parameters, and a value that is no token but has no need of quotes. In quotes, a backslash escapes a double quote and a
/// backslash only: browsers of old send the paths of Windows unescaped.
/// </summary>
internal ref struct MimeParameters
{
    // tspecials and controls end an attribute's name; only what would be read another way elsewhere is refused in a bare value.
    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts behind the value itself.</summary>
    public MimeParameters(ReadOnlySpan<byte> field)
    {
        var semicolon = field.IndexOf((byte)';');
        Value = Trim(semicolon < 0 ? field : field[..semicolon]);
        _rest = semicolon < 0 ? default : field[semicolon..];
    }

    /// <summary>What stands before the first parameter.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>The parameter's name.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The parameter's value, without its quotes, escapes still in it.</summary>
    public ReadOnlySpan<byte> RawValue { get; private set; }

    /// <summary>True when the value stood in quotes.</summary>
    public bool IsQuoted { get; private set; }

    /// <summary>True when <see cref="MoveNext"/> ended at something that is no parameter.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Goes to the next parameter; false at the end or at a fault.</summary>
    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            // Here is always a semicolon.
            _rest = _rest[1..].TrimStart(" \t"u8);
            if (_rest is [] or [(byte)';', ..])
                continue;
            var equals = _rest.IndexOfAny((byte)'=', (byte)';');
            Name = equals < 0 ? default : Trim(_rest[..equals]);
            if (Name.IsEmpty || _rest[equals] == ';' || Name.ContainsAnyExcept(NameBytes))
                return Fail();
            _rest = _rest[(equals + 1)..].TrimStart(" \t"u8);
            IsQuoted = _rest is [(byte)'"', ..];
            return IsQuoted ? TakeQuoted() : TakeBare();
        }
        return false;
    }

    /// <summary>Writes the value without escapes to <paramref name="destination"/>, which is at least as long; the number of bytes.</summary>
    public readonly int Unescape(Span<byte> destination)
    {
        if (!IsQuoted || !RawValue.Contains((byte)'\\'))
        {
            RawValue.CopyTo(destination);
            return RawValue.Length;
        }
        var written = 0;
        for (var i = 0; i < RawValue.Length; i++)
        {
            if (RawValue[i] == '\\' && i + 1 < RawValue.Length && RawValue[i + 1] is (byte)'"' or (byte)'\\')
                i++;
            destination[written++] = RawValue[i];
        }
        return written;
    }

    private bool TakeQuoted()
    {
        var end = 1;
        while (true)
        {
            var step = _rest[end..].IndexOfAny((byte)'"', (byte)'\\');
            if (step < 0)
                return Fail();
            end += step;
            if (_rest[end] == '"')
                break;
            end += end + 1 < _rest.Length && _rest[end + 1] is (byte)'"' or (byte)'\\' ? 2 : 1;
        }
        RawValue = _rest[1..end];
        _rest = _rest[(end + 1)..].TrimStart(" \t"u8);
        return _rest is [] or [(byte)';', ..] || Fail();
    }

    private bool TakeBare()
    {
        var semicolon = _rest.IndexOf((byte)';');
        RawValue = Trim(semicolon < 0 ? _rest : _rest[..semicolon]);
        _rest = semicolon < 0 ? default : _rest[semicolon..];
        return !RawValue.Contains((byte)'"') || Fail();
    }

    private bool Fail()
    {
        IsMalformed = true;
        _rest = default;
        return false;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t"u8);
}
