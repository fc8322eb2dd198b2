using System.Buffers;
using System.Globalization;
using System.Text;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Cookies;

/// <summary>
/// A cookie for an answer to set. Writing it holds to the strict grammar of RFC 6265bis section 4.1.1 and refuses what user agents would drop without a word
/// (sections 4.1.3 and 5.7): what can be written is what arrives.
/// </summary>
/// <param name="Name">A token (RFC 9110 section 5.6.2).</param>
/// <param name="Value">
/// ASCII without controls, white space, double quote, comma, semicolon and backslash; it may stand in double quotes. Encode other text, for example as
/// base64url.
/// </param>
public readonly record struct SetCookie(string Name, string Value)
{
    // cookie-octet = %x21 / %x23-2B / %x2D-3A / %x3C-5B / %x5D-7E
    private static readonly SearchValues<char> CookieOctets = SearchValues.Create(
        "!#$%&'()*+-./0123456789:<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    private static readonly SearchValues<char> TokenChars = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> HostChars = SearchValues.Create("-._0123456789:[]ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private const int MaxDomain = 253;

    // "; Path=; Domain=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=-9223372036854775808; Secure; HttpOnly; SameSite=Default; Partitioned" and to spare.
    private const int MaxAttributes = 192;

    /// <summary>Bytes that any cookie fits in that can be written.</summary>
    public const int MaxLength = CookieSyntax.MaxNameAndValue + 1 + CookieSyntax.MaxAttributeValue + MaxDomain + MaxAttributes;

    /// <summary>The path at and below which the cookie is sent, from "/" on; null for the folder of the request that the answer is for.</summary>
    public string? Path { get; init; }

    /// <summary>The domain at and below which the cookie is sent; null for exactly the host of the request.</summary>
    public string? Domain { get; init; }

    /// <summary>When the cookie ends; null, with <see cref="MaxAge"/> null too, for the end of the session. Whole seconds.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>How long the cookie lives, rounded up to seconds; wins over <see cref="Expires"/>. Zero or less removes the cookie.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Only over TLS.</summary>
    public bool Secure { get; init; }

    /// <summary>Out of reach of scripts.</summary>
    public bool HttpOnly { get; init; }

    /// <summary>With which cross-site requests it travels; <see cref="SameSite.Default"/> writes no attribute.</summary>
    public SameSite SameSite { get; init; }

    /// <summary>Kept apart for each top-level site (CHIPS); needs <see cref="Secure"/>.</summary>
    public bool Partitioned { get; init; }

    /// <summary>The cookie that removes this one: of the same name, path and domain, without value and expired.</summary>
    public SetCookie AsRemoval() => this with { Value = "", Expires = DateTimeOffset.UnixEpoch, MaxAge = TimeSpan.Zero };

    /// <summary>Appends the Set-Cookie field.</summary>
    /// <exception cref="ArgumentException">The cookie breaks a rule; the message says which.</exception>
    public void AddTo(HeaderList headers)
    {
        Span<byte> field = stackalloc byte[MaxLength];
        headers.Add(KnownHeader.SetCookie, field[..Write(field)]);
    }

    /// <summary>Writes the field's value; the number of bytes written. <see cref="MaxLength"/> bytes always suffice.</summary>
    /// <exception cref="ArgumentException">The cookie breaks a rule, or the destination is too short; the message says which.</exception>
    public int Write(Span<byte> destination)
    {
        Validate();
        var writer = new Writer(destination);
        writer.Add(Name);
        writer.Add("=");
        writer.Add(Value);
        if (Path is not null)
            writer.Add("; Path=", Path);
        if (Domain is not null)
            writer.Add("; Domain=", Domain);
        if (Expires is { } expires)
            writer.Add("; Expires=", expires.UtcDateTime, "R");
        if (MaxAge is { } age)
            writer.Add("; Max-Age=", (long)Math.Ceiling(age.TotalSeconds), default);
        if (Secure)
            writer.Add("; Secure");
        if (HttpOnly)
            writer.Add("; HttpOnly");
        if (SameSite != SameSite.Default)
            writer.Add(SameSite switch { SameSite.None => "; SameSite=None", SameSite.Lax => "; SameSite=Lax", _ => "; SameSite=Strict" });
        if (Partitioned)
            writer.Add("; Partitioned");
        return writer.Written;
    }

    /// <summary>The field's value.</summary>
    /// <exception cref="ArgumentException">The cookie breaks a rule; the message says which.</exception>
    public override string ToString()
    {
        Span<byte> field = stackalloc byte[MaxLength];
        return Encoding.ASCII.GetString(field[..Write(field)]);
    }

    private void Validate()
    {
        if (string.IsNullOrEmpty(Name) || Name.AsSpan().ContainsAnyExcept(TokenChars))
            throw Fault("a cookie's name must be a token (RFC 9110 section 5.6.2)");
        if (Value is null)
            throw Fault("a cookie must have a value, which may be empty");
        var bare = Value is ['"', .., '"'] ? Value.AsSpan(1, Value.Length - 2) : Value;
        var bad = bare.IndexOfAnyExcept(CookieOctets);
        if (bad >= 0)
            throw Fault($"a cookie's value must not hold U+{(int)bare[bad]:X4} (RFC 6265bis section 4.1.1); encode the value, for example as base64url");
        if (Name.Length + Value.Length > CookieSyntax.MaxNameAndValue)
            throw Fault($"name and value have {Name.Length + Value.Length} bytes; user agents ignore more than {CookieSyntax.MaxNameAndValue}");
        // path-value = *av-octet ; av-octet = %x20-3A / %x3C-7E
        if (Path is not null && (Path is not ['/', ..] || Path.AsSpan().ContainsAnyExceptInRange(' ', '~') || Path.Contains(';')))
            throw Fault("Path must start with '/' and hold printable ASCII without ';'");
        if (Path?.Length > CookieSyntax.MaxAttributeValue)
            throw Fault($"Path has {Path.Length} bytes; user agents ignore more than {CookieSyntax.MaxAttributeValue}");
        if (Domain is not null && (Domain is [] or ['.', ..] || Domain.Length > MaxDomain || Domain.AsSpan().ContainsAnyExcept(HostChars)))
            throw Fault("Domain must be a host name in ASCII (A-labels), without a leading dot");
        if (Expires is { Year: < 1601 })
            throw Fault("Expires must not be before 1601, which user agents cannot read");
        if (SameSite > SameSite.Strict)
            throw Fault("SameSite must be one of its named values");
        if (!Secure)
            ValidateInsecure();
        if (HasPrefix("__Host-") && (Path != "/" || Domain is not null))
            throw Fault("the prefix __Host- asks for Path '/' and no Domain (RFC 6265bis section 4.1.3.2)");
    }

    private void ValidateInsecure()
    {
        if (HasPrefix("__Secure-") || HasPrefix("__Host-"))
            throw Fault("the prefixes __Secure- and __Host- ask for Secure (RFC 6265bis section 4.1.3)");
        if (SameSite == SameSite.None)
            throw Fault("SameSite=None asks for Secure (RFC 6265bis section 5.7)");
        if (Partitioned)
            throw Fault("Partitioned asks for Secure");
    }

    private bool HasPrefix(string prefix) => Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);

    private ArgumentException Fault(string rule) => new(string.Create(CultureInfo.InvariantCulture, $"Cookie '{Name}': {rule}."));

    private ref struct Writer(Span<byte> destination)
    {
        private readonly Span<byte> _destination = destination;

        public int Written { get; private set; }

        public void Add(string text)
        {
            if (!Encoding.ASCII.TryGetBytes(text, _destination[Written..], out var count))
                throw TooShort();
            Written += count;
        }

        public void Add(string attribute, string value)
        {
            Add(attribute);
            Add(value);
        }

        public void Add<T>(string attribute, T value, ReadOnlySpan<char> format)
            where T : IUtf8SpanFormattable
        {
            Add(attribute);
            if (!value.TryFormat(_destination[Written..], out var count, format, CultureInfo.InvariantCulture))
                throw TooShort();
            Written += count;
        }

        private readonly ArgumentException TooShort() =>
            new($"The destination has {_destination.Length} bytes, too few for the cookie; {MaxLength} always suffice.");
    }
}
