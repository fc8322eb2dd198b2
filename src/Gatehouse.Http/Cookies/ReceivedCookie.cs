using System.Buffers.Text;
using System.Text;
using Gatehouse.Http.Dates;

namespace Gatehouse.Http.Cookies;

/// <summary>A Set-Cookie field as a user agent reads it (RFC 6265bis section 5.6): views into the field, nothing is copied.</summary>
public ref struct ReceivedCookie
{
    /// <summary>The name; empty for a cookie without one.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The value, double quotes included.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>The last readable Expires attribute; null when there is none.</summary>
    public DateTimeOffset? Expires { get; private set; }

    /// <summary>The last well-formed Max-Age attribute in seconds, as large as fits; null when there is none. Wins over <see cref="Expires"/>.</summary>
    public long? MaxAge { get; private set; }

    /// <summary>
    /// The last Domain attribute without its leading dot, in the case received; empty when there is none. A Domain without value is passed over, as RFC 6265
    /// section 5.2.3 advises and browsers do.
    /// </summary>
    public ReadOnlySpan<byte> Domain { get; private set; }

    /// <summary>The last Path attribute; empty when it has not one that starts with "/", and the default path counts.</summary>
    public ReadOnlySpan<byte> Path { get; private set; }

    /// <summary>True with a Secure attribute.</summary>
    public bool Secure { get; private set; }

    /// <summary>True with an HttpOnly attribute.</summary>
    public bool HttpOnly { get; private set; }

    /// <summary>The last SameSite attribute.</summary>
    public SameSite SameSite { get; private set; }

    /// <summary>True with a Partitioned attribute (CHIPS).</summary>
    public bool Partitioned { get; private set; }

    /// <summary>Reads the value of a Set-Cookie field; <see cref="CookieRefusal.None"/>, or why it is to be ignored.</summary>
    public static CookieRefusal Parse(ReadOnlySpan<byte> field, out ReceivedCookie cookie)
    {
        cookie = default;
        if (CookieSyntax.HasControl(field))
            return CookieRefusal.ControlCharacter;
        var hasEquals = CookieSyntax.Split(CookieSyntax.TakeUntilSemicolon(ref field), out var before, out var after);
        cookie.Name = hasEquals ? before : default;
        cookie.Value = hasEquals ? after : before;
        if (cookie.Name.IsEmpty && cookie.Value.IsEmpty)
            return CookieRefusal.Empty;
        if (cookie.Name.Length + cookie.Value.Length > CookieSyntax.MaxNameAndValue)
            return CookieRefusal.TooLong;
        while (!field.IsEmpty)
        {
            CookieSyntax.Split(CookieSyntax.TakeUntilSemicolon(ref field), out var name, out var value);
            if (value.Length <= CookieSyntax.MaxAttributeValue)
                cookie.Apply(name, value);
        }
        return CookieRefusal.None;
    }

    private void Apply(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (Ascii.EqualsIgnoreCase(name, "Path"u8))
            Path = value is [(byte)'/', ..] ? value : default;
        else if (Ascii.EqualsIgnoreCase(name, "Domain"u8))
            Domain = value.IsEmpty ? Domain : value[0] == '.' ? value[1..] : value;
        else if (Ascii.EqualsIgnoreCase(name, "Expires"u8))
            Expires = CookieDate.TryParse(value, out var date) ? date : Expires;
        else if (Ascii.EqualsIgnoreCase(name, "Max-Age"u8))
            MaxAge = TryMaxAge(value, out var seconds) ? seconds : MaxAge;
        else if (Ascii.EqualsIgnoreCase(name, "Secure"u8))
            Secure = true;
        else if (Ascii.EqualsIgnoreCase(name, "HttpOnly"u8))
            HttpOnly = true;
        else if (Ascii.EqualsIgnoreCase(name, "SameSite"u8))
            SameSite = ParseSameSite(value);
        else if (Ascii.EqualsIgnoreCase(name, "Partitioned"u8))
            Partitioned = true;
    }

    // [ "-" ] 1*DIGIT, of any length: more than a long holds is the most that it holds.
    private static bool TryMaxAge(ReadOnlySpan<byte> value, out long seconds)
    {
        seconds = 0;
        var digits = value is [(byte)'-', ..] ? value[1..] : value;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        if (!Utf8Parser.TryParse(value, out seconds, out _))
            seconds = digits.Length == value.Length ? long.MaxValue : long.MinValue;
        return true;
    }

    private static SameSite ParseSameSite(ReadOnlySpan<byte> value)
    {
        if (Ascii.EqualsIgnoreCase(value, "None"u8))
            return SameSite.None;
        if (Ascii.EqualsIgnoreCase(value, "Strict"u8))
            return SameSite.Strict;
        return Ascii.EqualsIgnoreCase(value, "Lax"u8) ? SameSite.Lax : SameSite.Default;
    }
}
