using System.Buffers;

namespace Gatehouse.Http.Urls;

/// <summary>
/// Which bytes become %XX in one part of a URL: the percent-encode sets of the WHATWG URL standard, section 1.3, and pchar of RFC 3986. Bytes of UTF-8
/// outside of ASCII are in every set.
/// </summary>
public sealed class PercentEncodeSet
{
    private PercentEncodeSet(string name, Func<byte, bool> contains)
    {
        Name = name;
        Kept = SearchValues.Create([.. Enumerable.Range(0x20, 0x5f).Select(value => (byte)value).Where(value => !contains(value))]);
    }

    private PercentEncodeSet(string name, PercentEncodeSet other, string further)
        : this(name, value => other.Contains(value) || further.Contains((char)value))
    {
    }

    /// <summary>Controls and what is not ASCII: for opaque paths and opaque hosts.</summary>
    public static PercentEncodeSet C0Control { get; } = new("C0 control", _ => false);

    /// <summary>For a fragment.</summary>
    public static PercentEncodeSet Fragment { get; } = new("fragment", C0Control, " \"<>`");

    /// <summary>For the query of a URL whose scheme is not special.</summary>
    public static PercentEncodeSet Query { get; } = new("query", C0Control, " \"#<>");

    /// <summary>For the query of a URL with a special scheme, such as http.</summary>
    public static PercentEncodeSet SpecialQuery { get; } = new("special-query", Query, "'");

    /// <summary>For a path that is already split into segments; the percent sign is kept, so that what is encoded stays so.</summary>
    public static PercentEncodeSet Path { get; } = new("path", Query, "?^`{}");

    /// <summary>For user name and password.</summary>
    public static PercentEncodeSet UserInfo { get; } = new("userinfo", Path, "/:;=@[\\]|");

    /// <summary>For any single part, whatever separators it holds; the percent sign is encoded. What encodeURIComponent does.</summary>
    public static PercentEncodeSet Component { get; } = new("component", UserInfo, "$%&+,");

    /// <summary>For names and values of application/x-www-form-urlencoded, beside a space being a plus sign.</summary>
    public static PercentEncodeSet FormUrlEncoded { get; } = new("application/x-www-form-urlencoded", Component, "!'()~");

    /// <summary>For a decoded path in a request target: all but pchar and the slash (RFC 3986 section 3.3).</summary>
    public static PercentEncodeSet DecodedPath { get; } =
        new("decoded path", value => !char.IsAsciiLetterOrDigit((char)value) && !"-._~!$&'()*+,;=:@/"u8.Contains(value));

    /// <summary>The name of the set in the standard.</summary>
    public string Name { get; }

    /// <summary>The bytes that stay as they are.</summary>
    internal SearchValues<byte> Kept { get; }

    /// <summary>True when <paramref name="value"/> becomes %XX.</summary>
    public bool Contains(byte value) => !Kept.Contains(value);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
