namespace Gatehouse.Http.Cookies;

/// <summary>One cookie of a request: views into the Cookie field.</summary>
public readonly ref struct CookiePair
{
    internal CookiePair(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name = name;
        Value = value;
    }

    /// <summary>The name; empty for a pair without an equals sign, which is how user agents send a cookie that was set without a name.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The value as received: double quotes are part of it (RFC 6265bis section 4.1.1), percent signs mean nothing.</summary>
    public ReadOnlySpan<byte> Value { get; }
}
