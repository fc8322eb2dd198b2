using System.Text;

namespace Gatehouse.Protocols.Headers;

/// <summary>
/// Walks the members of a comma-separated list, <c>#element</c> of RFC 9110 section 5.6.1, without allocating:
/// <c>foreach (var member in new HeaderListReader(value))</c>.
/// A member comes with its parameters and without the white space around it; a comma inside a quoted-string does not end it. Empty members are skipped, as
/// a recipient must; a quoted-string that has no end reaches to the end of the value.
/// </summary>
public ref struct HeaderListReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts before the first member of <paramref name="value"/>.</summary>
    public HeaderListReader(ReadOnlySpan<byte> value) => _rest = value;

    /// <summary>The member that the last <see cref="MoveNext"/> found; never empty.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>The reader itself, for <c>foreach</c>.</summary>
    public readonly HeaderListReader GetEnumerator() => this;

    /// <summary>Goes to the next member; false when there is none.</summary>
    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            var end = EndOf(_rest, (byte)',');
            Current = HeaderSyntax.Trim(_rest[..end]);
            _rest = end == _rest.Length ? default : _rest[(end + 1)..];
            if (!Current.IsEmpty)
                return true;
        }
        Current = default;
        return false;
    }

    /// <summary>True when the list has a member that is <paramref name="token"/> in any case, as for Connection: close.</summary>
    public static bool Contains(ReadOnlySpan<byte> value, ReadOnlySpan<byte> token)
    {
        foreach (var member in new HeaderListReader(value))
        {
            if (Ascii.EqualsIgnoreCase(member, token))
                return true;
        }
        return false;
    }

    /// <summary>Where the first separator outside quoted-strings is, or the length.</summary>
    internal static int EndOf(ReadOnlySpan<byte> text, byte separator)
    {
        var at = 0;
        while (at < text.Length)
        {
            var step = text[at..].IndexOfAny(separator, (byte)'"');
            if (step < 0)
                break;
            at += step;
            if (text[at] == separator)
                return at;
            var quoted = HeaderSyntax.QuotedLength(text[at..]);
            if (quoted < 0)
                break;
            at += quoted;
        }
        return text.Length;
    }
}
