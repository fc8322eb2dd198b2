using System.Text;

namespace Gatehouse.Http.StructuredFields;

/// <summary>
/// A value of one of the eight types of RFC 9651 section 3.3. What cannot be serialised cannot be made, so that serialising never fails on one.
/// </summary>
public readonly struct BareItem : IEquatable<BareItem>
{
    private const long MaxInteger = 999_999_999_999_999;
    private const decimal DecimalBound = 1_000_000_000_000;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly decimal _number;
    private readonly object? _object;

    private BareItem(BareItemType type, decimal number, object? value = null)
    {
        Type = type;
        _number = number;
        _object = value;
    }

    /// <summary>Which of the eight it is.</summary>
    public BareItemType Type { get; }

    /// <summary>The number of an integer.</summary>
    /// <exception cref="InvalidOperationException">It is of another type.</exception>
    public long Integer => (long)Is(BareItemType.Integer)._number;

    /// <summary>The number of a decimal, with up to three digits behind the point.</summary>
    /// <exception cref="InvalidOperationException">It is of another type.</exception>
    public decimal Decimal => Is(BareItemType.Decimal)._number;

    /// <summary>The characters of a string, printable ASCII.</summary>
    /// <exception cref="InvalidOperationException">It is of another type.</exception>
    public string String => (string)Is(BareItemType.String)._object!;

    /// <summary>The characters of a token.</summary>
    /// <exception cref="InvalidOperationException">It is of another type.</exception>
    public string Token => (string)Is(BareItemType.Token)._object!;

    /// <summary>The bytes of a byte sequence.</summary>
    /// <exception cref="InvalidOperationException">It is of another type.</exception>
    public ReadOnlyMemory<byte> ByteSequence => (byte[])Is(BareItemType.ByteSequence)._object!;

    /// <summary>The truth of a boolean.</summary>
    /// <exception cref="InvalidOperationException">It is of another type.</exception>
    public bool Boolean => Is(BareItemType.Boolean)._number != 0;

    /// <summary>The seconds since 1970-01-01T00:00:00Z of a date; may lie beyond what <see cref="DateTimeOffset"/> holds.</summary>
    /// <exception cref="InvalidOperationException">It is of another type.</exception>
    public long Date => (long)Is(BareItemType.Date)._number;

    /// <summary>The text of a display string.</summary>
    /// <exception cref="InvalidOperationException">It is of another type.</exception>
    public string DisplayString => (string)Is(BareItemType.DisplayString)._object!;

    /// <summary>An integer, of up to 15 digits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It has more digits.</exception>
    public static BareItem FromInteger(long value) => new(BareItemType.Integer, InRange(value));

    /// <summary>A decimal, rounded to three digits behind the point, a half to the even one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It has more than 12 digits before the point.</exception>
    public static BareItem FromDecimal(decimal value)
    {
        var rounded = decimal.Round(value, 3, MidpointRounding.ToEven);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rounded, DecimalBound, nameof(value));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(rounded, -DecimalBound, nameof(value));
        return new(BareItemType.Decimal, rounded);
    }

    /// <summary>A string of printable ASCII, %x20 to %x7E.</summary>
    /// <exception cref="ArgumentException">It has another character.</exception>
    public static BareItem FromString(string value)
    {
        var at = value.AsSpan().IndexOfAnyExceptInRange(' ', '~');
        return at < 0 ? new(BareItemType.String, 0, value)
            : throw new ArgumentException($"A string of a structured field holds printable ASCII; character {at} is U+{(int)value[at]:X4}.", nameof(value));
    }

    /// <summary>A token: sf-token = ( ALPHA / "*" ) *( tchar / ":" / "/" ).</summary>
    /// <exception cref="ArgumentException">It is not one.</exception>
    public static BareItem FromToken(string value) =>
        FieldSyntax.IsToken(Encoding.UTF8.GetBytes(value)) ? new(BareItemType.Token, 0, value)
            : throw new ArgumentException($"A token begins with a letter or '*', then token characters, ':' and '/'; '{value}' does not.", nameof(value));

    /// <summary>A byte sequence; the bytes are copied.</summary>
    public static BareItem FromByteSequence(ReadOnlySpan<byte> value) => new(BareItemType.ByteSequence, 0, value.ToArray());

    /// <summary>A boolean.</summary>
    public static BareItem FromBoolean(bool value) => new(BareItemType.Boolean, value ? 1 : 0);

    /// <summary>A date in seconds since 1970-01-01T00:00:00Z, of up to 15 digits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It has more digits.</exception>
    public static BareItem FromDate(long unixSeconds) => new(BareItemType.Date, InRange(unixSeconds));

    /// <summary>A display string: any text without lone surrogates.</summary>
    /// <exception cref="ArgumentException">It has a lone surrogate.</exception>
    public static BareItem FromDisplayString(string value)
    {
        StrictUtf8.GetByteCount(value);
        return new(BareItemType.DisplayString, 0, value);
    }

    /// <summary>True when type and value are the same.</summary>
    public static bool operator ==(BareItem left, BareItem right) => left.Equals(right);

    /// <summary>True when type or value differ.</summary>
    public static bool operator !=(BareItem left, BareItem right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(BareItem other) => Type == other.Type && _number == other._number
        && (_object is byte[] bytes ? bytes.AsSpan().SequenceEqual((byte[])other._object!) : Equals(_object, other._object));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BareItem other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, _number, _object is byte[] bytes ? bytes.Length : _object?.GetHashCode() ?? 0);

    /// <summary>The item as it stands in a field.</summary>
    public override string ToString() => FieldSerializer.Serialize(this);

    private static long InRange(long value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxInteger);
        ArgumentOutOfRangeException.ThrowIfLessThan(value, -MaxInteger);
        return value;
    }

    private BareItem Is(BareItemType type) => Type == type ? this : throw new InvalidOperationException($"The item is of type {Type}, not {type}.");
}
