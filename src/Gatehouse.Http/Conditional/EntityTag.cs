using System.Buffers.Text;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Conditional;

/// <summary>
/// Entity tags as they stand in fields (RFC 9110 section 8.8.3): <c>entity-tag = [ weak ] opaque-tag</c>, <c>weak = %s"W/"</c>,
/// <c>opaque-tag = DQUOTE *etagc DQUOTE</c>, <c>etagc = %x21 / %x23-7E / obs-text</c>.
/// </summary>
public static class EntityTag
{
    /// <summary>The longest that <see cref="Format"/> writes.</summary>
    public const int MaxFormatted = 35;

    /// <summary>True for a well-formed entity tag.</summary>
    public static bool IsValid(ReadOnlySpan<byte> tag)
    {
        var opaque = Opaque(tag);
        if (opaque.Length < 2 || opaque[0] != '"' || opaque[^1] != '"')
            return false;
        foreach (var b in opaque[1..^1])
        {
            if (b is < 0x21 or 0x22 or 0x7F)
                return false;
        }
        return true;
    }

    /// <summary>True for a tag that starts with <c>W/</c>.</summary>
    public static bool IsWeak(ReadOnlySpan<byte> tag) => tag.StartsWith("W/"u8);

    /// <summary>Strong comparison (RFC 9110 section 8.8.3.2): both strong and the same.</summary>
    public static bool StrongEquals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => !left.IsEmpty && !IsWeak(left) && left.SequenceEqual(right);

    /// <summary>Weak comparison (RFC 9110 section 8.8.3.2): the same behind any <c>W/</c>.</summary>
    public static bool WeakEquals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => !left.IsEmpty && Opaque(left).SequenceEqual(Opaque(right));

    /// <summary>
    /// True when a field of the form <c>"*" / #entity-tag</c> (If-Match, If-None-Match), over all its lines, has an asterisk or lists
    /// <paramref name="tag"/>. Members that are no entity tag match nothing. An empty <paramref name="tag"/> (a representation without one) is matched by
    /// the asterisk only.
    /// </summary>
    public static bool IsListed(HeaderTable headers, KnownHeader name, ReadOnlySpan<byte> tag, bool strong)
    {
        foreach (var member in new HeaderValues(headers, name))
        {
            if (member.SequenceEqual("*"u8) || (strong ? StrongEquals(member, tag) : WeakEquals(member, tag)))
                return true;
        }
        return false;
    }

    /// <summary>
    /// Writes the strong tag of a file, <c>"time-length"</c> in hexadecimal, from its time of modification in nanoseconds and its length in bytes; returns how
    /// many bytes were written. <paramref name="destination"/> has room for <see cref="MaxFormatted"/>.
    /// </summary>
    public static int Format(long modifiedNanoseconds, long length, Span<byte> destination)
    {
        destination[0] = (byte)'"';
        Utf8Formatter.TryFormat((ulong)modifiedNanoseconds, destination[1..], out var time, 'x');
        destination[time + 1] = (byte)'-';
        Utf8Formatter.TryFormat((ulong)length, destination[(time + 2)..], out var size, 'x');
        destination[time + size + 2] = (byte)'"';
        return time + size + 3;
    }

    private static ReadOnlySpan<byte> Opaque(ReadOnlySpan<byte> tag) => IsWeak(tag) ? tag[2..] : tag;
}
