using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Gatehouse.Http.Urls;

namespace Gatehouse.Http.StructuredFields;

/// <summary>The algorithms of RFC 9651 section 4.2.3.1 and below: one bare item at a time, and where in the field it stands.</summary>
internal ref struct BareItemParser(ReadOnlySpan<byte> text)
{
    private static readonly SearchValues<byte> Base64Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8);

    private readonly ReadOnlySpan<byte> _text = text;
    private int _at;
    private string? _expected;

    public readonly ReadOnlySpan<byte> Rest => _text[_at..];

    public readonly bool IsAtEnd => _at == _text.Length;

    public readonly string Error
    {
        get
        {
            var found = IsAtEnd ? "the field ended" : _text[_at] is > 0x20 and < 0x7f ? $"'{(char)_text[_at]}' was found" : $"byte 0x{_text[_at]:x2} was found";
            return string.Create(CultureInfo.InvariantCulture, $"{_expected} was expected, {found} at byte {_at}.");
        }
    }

    /// <summary>Notes what should have stood here; false.</summary>
    public bool Fail(string expected)
    {
        _expected = expected;
        return false;
    }

    public readonly bool IsAt(char character) => !IsAtEnd && _text[_at] == character;

    public bool TryTake(char character)
    {
        if (!IsAt(character))
            return false;
        _at++;
        return true;
    }

    public ReadOnlySpan<byte> Take(int length)
    {
        _at += length;
        return _text.Slice(_at - length, length);
    }

    public void SkipSpaces()
    {
        while (IsAt(' '))
            _at++;
    }

    /// <summary>OWS = *( SP / HTAB )</summary>
    public void SkipWhitespace()
    {
        while (IsAt(' ') || IsAt('\t'))
            _at++;
    }

    public bool TryBareItem(out BareItem item)
    {
        item = default;
        if (IsAtEnd)
            return Fail("an item");
        switch (_text[_at])
        {
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                return TryNumber(out item);
            case (byte)'"':
                return TryString(out item);
            case (byte)':':
                return TryByteSequence(out item);
            case (byte)'?':
                return TryBoolean(out item);
            case (byte)'@':
                return TryDate(out item);
            case (byte)'%':
                return TryDisplayString(out item);
            default:
                return TryToken(out item);
        }
    }

    private bool TryToken(out BareItem item)
    {
        item = default;
        var length = FieldSyntax.TokenLength(Rest);
        if (length == 0)
            return Fail("an item");
        item = BareItem.FromToken(Encoding.ASCII.GetString(Take(length)));
        return true;
    }

    // sf-integer = ["-"] 1*15DIGIT, sf-decimal = ["-"] 1*12DIGIT "." 1*3DIGIT
    private bool TryNumber(out BareItem item)
    {
        item = default;
        var isNegative = TryTake('-');
        var whole = DigitsAt(0);
        if (whole == 0)
            return Fail("a digit");
        var isDecimal = whole < Rest.Length && Rest[whole] == '.';
        if (whole > (isDecimal ? 12 : 15))
            return Fail(isDecimal ? "a decimal of at most 12 digits before its point" : "an integer of at most 15 digits");
        if (!isDecimal)
        {
            var integer = long.Parse(Take(whole), CultureInfo.InvariantCulture);
            item = BareItem.FromInteger(isNegative ? -integer : integer);
            return true;
        }
        var fraction = DigitsAt(whole + 1);
        if (fraction is 0 or > 3)
            return Fail("a decimal of one to three digits behind its point");
        var number = decimal.Parse(Take(whole + 1 + fraction), CultureInfo.InvariantCulture);
        item = BareItem.FromDecimal(isNegative ? -number : number);
        return true;
    }

    private readonly int DigitsAt(int offset)
    {
        var digits = Rest[offset..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return digits < 0 ? Rest.Length - offset : digits;
    }

    // sf-string = DQUOTE *( unescaped / "%" / bs-escaped ) DQUOTE, bs-escaped = "\" ( DQUOTE / "\" )
    private bool TryString(out BareItem item)
    {
        item = default;
        var value = new StringBuilder();
        for (_at++; !IsAtEnd; _at++)
        {
            switch (_text[_at])
            {
                case (byte)'"':
                    _at++;
                    item = BareItem.FromString(value.ToString());
                    return true;
                case (byte)'\\':
                    _at++;
                    if (!IsAt('"') && !IsAt('\\'))
                        return Fail("a quote or backslash behind a backslash");
                    break;
                case < 0x20 or > 0x7e:
                    return Fail("printable ASCII in the string");
            }
            value.Append((char)_text[_at]);
        }
        return Fail("a quote at the end of the string");
    }

    // sf-binary = ":" base64 ":". Lenient as section 4.2.7 asks: padding may be missing, and unused bits may be set.
    private bool TryByteSequence(out BareItem item)
    {
        item = default;
        var end = Rest[1..].IndexOf((byte)':');
        if (end < 0)
            return Fail("a byte sequence that ends in ':'");
        var encoded = Rest.Slice(1, end);
        var data = encoded.TrimEnd((byte)'=');
        var padding = encoded.Length - data.Length;
        if (encoded.ContainsAnyExcept(Base64Characters) || data.Contains((byte)'=') || data.Length % 4 == 1 || (padding > 0 && encoded.Length % 4 != 0)
            || padding > 2)
            return Fail("base64 in the byte sequence");

        var padded = new byte[(data.Length + 3) / 4 * 4];
        padded.AsSpan().Fill((byte)'=');
        data.CopyTo(padded);
        if (data.Length % 4 != 0)
            ClearUnusedBits(ref padded[data.Length - 1], data.Length % 4);
        if (Base64.DecodeFromUtf8InPlace(padded, out var length) != OperationStatus.Done)
            return Fail("base64 in the byte sequence");
        item = BareItem.FromByteSequence(padded.AsSpan(0, length));
        _at += end + 2;
        return true;
    }

    // The last digit of two carries 4 bits too many, of three 2.
    private static void ClearUnusedBits(ref byte digit, int digits)
    {
        var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8;
        digit = alphabet[alphabet.IndexOf(digit) & (digits == 2 ? ~15 : ~3)];
    }

    // sf-boolean = "?" ( "0" / "1" )
    private bool TryBoolean(out BareItem item)
    {
        _at++;
        var isTrue = TryTake('1');
        item = BareItem.FromBoolean(isTrue);
        return isTrue || TryTake('0') || Fail("0 or 1");
    }

    // sf-date = "@" sf-integer
    private bool TryDate(out BareItem item)
    {
        _at++;
        var start = _at;
        if (!TryNumber(out item))
            return false;
        if (item.Type != BareItemType.Integer)
        {
            _at = start;
            return Fail("a date of whole seconds");
        }
        item = BareItem.FromDate(item.Integer);
        return true;
    }

    // sf-displaystring = "%" DQUOTE *( unescaped / "\" / pct-encoded ) DQUOTE, pct-encoded = "%" lc-hexdig lc-hexdig
    private bool TryDisplayString(out BareItem item)
    {
        item = default;
        _at++;
        var start = _at + 1;
        if (!TryTake('"'))
            return Fail("a quote");
        var bytes = new ArrayBufferWriter<byte>();
        for (; !IsAt('"'); _at++)
        {
            if (IsAtEnd)
                return Fail("a quote at the end of the display string");
            var value = _text[_at];
            if (value is < 0x20 or > 0x7e)
                return Fail("printable ASCII in the display string");
            if (value == '%')
            {
                if (!PercentEncoding.TryReadEscape(Rest, out value) || Rest[1..3].ContainsAnyInRange((byte)'A', (byte)'F'))
                    return Fail("two hexadecimal digits in lower case behind the percent sign");
                _at += 2;
            }
            bytes.Write([value]);
        }
        if (!System.Text.Unicode.Utf8.IsValid(bytes.WrittenSpan))
        {
            _at = start;
            return Fail("UTF-8 in the display string");
        }
        _at++;
        item = BareItem.FromDisplayString(Encoding.UTF8.GetString(bytes.WrittenSpan));
        return true;
    }
}
