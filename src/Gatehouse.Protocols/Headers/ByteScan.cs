using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gatehouse.Protocols.Headers;

/// <summary>
/// Finds where a run of allowed bytes ends, 16 or 32 bytes at a time. A scan starts inside the span and stops at the first byte outside its set or at
/// <c>limit</c> or later: bytes behind the limit may be looked at, as far as the span goes, so a result at or past the limit means that none was found.
/// </summary>
internal static class ByteScan
{
    /// <summary>
    /// token = 1*tchar; tchar = "!" / "#" / "$" / "%" / "&amp;" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~" / DIGIT / ALPHA (RFC 9110
    /// section 5.6.2).
    /// </summary>
    public static readonly Vector128<byte> Token =
        AsciiSet("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>The same without capital letters: field names of HTTP/2 (RFC 9113 section 8.2).</summary>
    public static readonly Vector128<byte> LowerToken = AsciiSet("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>unreserved / sub-delims of RFC 3986 section 2: what reg-name is made of besides percent-encoded bytes.</summary>
    public static readonly Vector128<byte> HostName =
        AsciiSet("-._~!$&'()*+,;=0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly Vector128<byte> HighBits =
        Vector128.Create(1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, (byte)0);

    /// <summary>The first byte from <paramref name="at"/> on that is not in the ASCII set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int EndOf(Vector128<byte> set, ReadOnlySpan<byte> bytes, int at, int limit)
    {
        while (at < limit)
        {
            if (!HasBlock(bytes, at, Vector128<byte>.Count))
                return EndInTail(set, bytes, at);
            var outside = Outside(set, Vector128.Create(bytes.Slice(at, Vector128<byte>.Count)));
            if (outside != 0)
                return at + BitOperations.TrailingZeroCount(outside);
            at += Vector128<byte>.Count;
        }
        return at;
    }

    /// <summary>
    /// The first byte that cannot stand in a field value: field-content is VCHAR, obs-text, SP and HTAB (RFC 9110 section 5.5), so this is the first
    /// control other than HTAB.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int EndOfValue(ReadOnlySpan<byte> bytes, int at, int limit)
    {
        while (at < limit)
        {
            if (!HasBlock(bytes, at, Vector256<byte>.Count))
                return EndOfValueInTail(bytes, at);
            var block = Vector256.Create(bytes.Slice(at, Vector256<byte>.Count));
            // x <= 0x1F as min(x, 0x1F) == x: there is no unsigned comparison below AVX-512.
            var low = Vector256.Equals(Vector256.Min(block, Vector256.Create((byte)0x1F)), block);
            var controls = (low & ~Vector256.Equals(block, Vector256.Create((byte)'\t'))) | Vector256.Equals(block, Vector256.Create((byte)0x7F));
            var mask = controls.ExtractMostSignificantBits();
            if (mask != 0)
                return at + BitOperations.TrailingZeroCount(mask);
            at += Vector256<byte>.Count;
        }
        return at;
    }

    /// <summary>
    /// The first byte that cannot stand in a request target: anything outside %x21-7E, and '#'. Also finds the first '?' before it (-1 when there is none).
    /// </summary>
    public static int EndOfTarget(ReadOnlySpan<byte> bytes, int at, int limit, out int question)
    {
        question = -1;
        while (at < limit)
        {
            if (!HasBlock(bytes, at, Vector256<byte>.Count))
                return EndOfTargetInTail(bytes, at, ref question);
            var block = Vector256.Create(bytes.Slice(at, Vector256<byte>.Count));
            var outside = Vector256.GreaterThan(block - Vector256.Create((byte)0x21), Vector256.Create((byte)(0x7E - 0x21)))
                | Vector256.Equals(block, Vector256.Create((byte)'#'));
            var stop = outside.ExtractMostSignificantBits();
            var marks = Vector256.Equals(block, Vector256.Create((byte)'?')).ExtractMostSignificantBits();
            if (marks != 0 && question < 0 && BitOperations.TrailingZeroCount(marks) < BitOperations.TrailingZeroCount(stop))
                question = at + BitOperations.TrailingZeroCount(marks);
            if (stop != 0)
                return at + BitOperations.TrailingZeroCount(stop);
            at += Vector256<byte>.Count;
        }
        return at;
    }

    // Element i holds, for the bytes whose low nibble is i, one bit for each high nibble (0 to 7) that makes a byte of the set.
    private static Vector128<byte> AsciiSet(ReadOnlySpan<byte> members)
    {
        Span<byte> rows = stackalloc byte[16];
        rows.Clear();
        foreach (var member in members)
            rows[member & 0x0F] |= (byte)(1 << (member >> 4));
        return Vector128.Create(rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Outside(Vector128<byte> set, Vector128<byte> block)
    {
        var rows = Vector128.ShuffleNative(set, block & Vector128.Create((byte)0x0F));
        var bits = Vector128.ShuffleNative(HighBits, block >>> 4);
        return Vector128.Equals(rows & bits, Vector128<byte>.Zero).ExtractMostSignificantBits();
    }

    /// <summary>
    /// True when <paramref name="count"/> bytes lie from <paramref name="at"/> on. Worded as the check in Slice is, which the compiler then leaves out.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasBlock(ReadOnlySpan<byte> bytes, int at, int count) => (ulong)(uint)at + (ulong)(uint)count <= (ulong)(uint)bytes.Length;

    // Less than a block is left in the span: a copy is padded with NUL, at which every scan ends.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int EndInTail(Vector128<byte> set, ReadOnlySpan<byte> bytes, int at) =>
        at + EndOf(set, Padded(bytes[at..], stackalloc byte[Vector128<byte>.Count]), 0, Vector128<byte>.Count);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int EndOfValueInTail(ReadOnlySpan<byte> bytes, int at) =>
        at + EndOfValue(Padded(bytes[at..], stackalloc byte[Vector256<byte>.Count]), 0, Vector256<byte>.Count);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int EndOfTargetInTail(ReadOnlySpan<byte> bytes, int at, ref int question)
    {
        var end = at + EndOfTarget(Padded(bytes[at..], stackalloc byte[Vector256<byte>.Count]), 0, Vector256<byte>.Count, out var mark);
        if (question < 0 && mark >= 0)
            question = at + mark;
        return end;
    }

    private static Span<byte> Padded(ReadOnlySpan<byte> rest, Span<byte> block)
    {
        block.Clear();
        rest.CopyTo(block);
        return block;
    }
}
