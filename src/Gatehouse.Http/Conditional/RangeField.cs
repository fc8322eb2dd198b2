using System.Text;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Conditional;

/// <summary>
/// Reads Range (RFC 9110 section 14.2): <c>Range = range-unit "=" 1#( int-range / suffix-range )</c>, <c>int-range = first-pos "-" [ last-pos ]</c>,
/// <c>suffix-range = "-" suffix-length</c>.
/// A field that is malformed or of another unit is ignored. Against range attacks (section 17.15): neighbours in the field that overlap, touch, or are nearer
/// than a part's head costs (<see cref="Gap"/>) become one; what then still overlaps, or is more than the caller has room for, is answered with the whole.
/// </summary>
public static class RangeField
{
    /// <summary>The ranges that a handler should make room for: what a document viewer asks for at once, with air.</summary>
    public const int DefaultLimit = 16;

    /// <summary>Two ranges fewer bytes apart than this are sent as one: the head of a part is about as long.</summary>
    public const int Gap = 80;

    /// <summary>
    /// Finds the ranges that a request asks for, after its conditions. Only GET has ranges, and a field sent twice is ignored.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="outcome">What <see cref="Preconditions.Evaluate"/> said.</param>
    /// <param name="length">Length of the representation in bytes.</param>
    /// <param name="ranges">Receives the ranges, in the client's order.</param>
    /// <param name="count">How many there are.</param>
    public static RangeOutcome Select(Request request, ConditionalOutcome outcome, long length, Span<ByteRange> ranges, out int count)
    {
        count = 0;
        return request.Method == Method.Get && outcome == ConditionalOutcome.Proceed
            && request.Headers.TryGet(KnownHeader.Range, out var value) && request.Headers.CountOf(KnownHeader.Range) == 1
            ? Parse(value, length, ranges, out count)
            : RangeOutcome.Whole;
    }

    /// <summary>Reads a field value for a representation of <paramref name="length"/> bytes.</summary>
    public static RangeOutcome Parse(ReadOnlySpan<byte> value, long length, Span<ByteRange> ranges, out int count)
    {
        count = 0;
        var equals = value.IndexOf((byte)'=');
        if (equals < 0 || !Ascii.EqualsIgnoreCase(value[..equals], "bytes"u8))
            return RangeOutcome.Whole;
        var any = false;
        foreach (var member in new HeaderListReader(value[(equals + 1)..]))
        {
            if (!TryReadSpec(member, length, out var range))
                return Ignore(out count);
            any = true;
            if (range.Length > 0 && !TryAppend(range, ranges, ref count))
                return Ignore(out count);
        }
        if (count > 0)
            return AnyOverlap(ranges[..count]) ? Ignore(out count) : RangeOutcome.Partial;
        // Nothing of an empty representation can be named by a Content-Range, and its whole is what a suffix asks for.
        return any && (length > 0 || !AsksSuffix(value[(equals + 1)..])) ? RangeOutcome.NotSatisfiable : RangeOutcome.Whole;
    }

    private static RangeOutcome Ignore(out int count)
    {
        count = 0;
        return RangeOutcome.Whole;
    }

    private static bool AsksSuffix(ReadOnlySpan<byte> set)
    {
        foreach (var member in new HeaderListReader(set))
        {
            if (member[0] == '-' && member.ContainsAnyExcept("-0"u8))
                return true;
        }
        return false;
    }

    // A range that lies behind the end is valid and not satisfiable: its length is 0.
    private static bool TryReadSpec(ReadOnlySpan<byte> spec, long length, out ByteRange range)
    {
        range = default;
        var hyphen = spec.IndexOf((byte)'-');
        if (hyphen < 0)
            return false;
        if (hyphen == 0)
        {
            if (!TryReadPosition(spec[1..], out var suffix))
                return false;
            suffix = Math.Min(suffix, length);
            range = new ByteRange(length - suffix, suffix);
            return true;
        }
        var last = long.MaxValue;
        if (!TryReadPosition(spec[..hyphen], out var first) || (hyphen + 1 < spec.Length && !TryReadPosition(spec[(hyphen + 1)..], out last)) || last < first)
            return false;
        if (first < length)
            range = new ByteRange(first, Math.Min(last, length - 1) - first + 1);
        return true;
    }

    // 1*DIGIT; a number too large for any file counts as the largest.
    private static bool TryReadPosition(ReadOnlySpan<byte> digits, out long position)
    {
        position = 0;
        if (digits.IsEmpty)
            return false;
        foreach (var b in digits)
        {
            if (!char.IsAsciiDigit((char)b))
                return false;
            position = position > (long.MaxValue - 9) / 10 ? long.MaxValue : (position * 10) + (b - '0');
        }
        return true;
    }

    private static bool TryAppend(ByteRange range, Span<ByteRange> ranges, ref int count)
    {
        if (count > 0)
        {
            var before = ranges[count - 1];
            if (range.First >= before.First && range.First - before.Last - 1 < Gap)
            {
                ranges[count - 1] = before with { Length = Math.Max(before.Last, range.Last) - before.First + 1 };
                return true;
            }
        }
        if (count == ranges.Length)
            return false;
        ranges[count++] = range;
        return true;
    }

    // Quadratic in the caller's small limit.
    private static bool AnyOverlap(ReadOnlySpan<ByteRange> ranges)
    {
        for (var i = 1; i < ranges.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (ranges[i].First <= ranges[j].Last && ranges[j].First <= ranges[i].Last)
                    return true;
            }
        }
        return false;
    }
}
