using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;
using Gatehouse.Http.Urls;

namespace Gatehouse.Http;

/// <summary>The path of a request target: percent-decoding and resolving of segments, in one place for routing, files and proxying.</summary>
public static class UrlPath
{
    /// <summary>
    /// False only for a path that <see cref="TryNormalize"/> returns unchanged: printable ASCII without percent sign, dot segment or empty segment.
    /// True for whatever it changes, refuses, or has to look at closely (bytes from 0x80 up).
    /// </summary>
    public static bool NeedsNormalizing(ReadOnlySpan<byte> raw)
    {
        if (raw.Length < 2)
            return raw.Length == 1 && raw[0] != '/' && raw[0] != '*';
        if (raw[0] != '/')
            return true;

        // Each byte is looked at together with the one before it: sixteen such pairs a step, the last step over what is left and some of what was before.
        if (raw.Length <= sizeof(ulong))
            return NeedsNormalizingExact(raw);
        var last = raw.Length - Vector128<byte>.Count - 1;
        if (last < 0)
        {
            last = raw.Length - sizeof(ulong) - 1;
            return IsSuspicious(Halves(raw, 0, last), Halves(raw, 1, last + 1)) && NeedsNormalizingExact(raw);
        }
        for (var at = 0; at < last; at += Vector128<byte>.Count)
        {
            if (IsSuspicious(Vector128.Create(raw[at..]), Vector128.Create(raw[(at + 1)..])))
                return NeedsNormalizingExact(raw);
        }
        return IsSuspicious(Vector128.Create(raw[last..]), Vector128.Create(raw[(last + 1)..])) && NeedsNormalizingExact(raw);
    }

    /// <summary>
    /// Percent-decodes <paramref name="raw"/> once, then merges empty segments and resolves dot segments (RFC 3986 section 5.2.4) in whatever spelling they
    /// came, into <paramref name="destination"/>, which is at least as long. As in nginx, <c>%2F</c> is a slash like any other, so that no handler behind
    /// can be made to see a segment that the router did not; a backslash is an ordinary byte. The result begins with a slash and is valid UTF-8 without
    /// control characters; <c>*</c> (OPTIONS *) and the empty path (CONNECT) stay as they are.
    /// </summary>
    /// <returns>
    /// False when the path has no safe form: it does not begin with a slash, leaves the root, holds a percent sign without two hexadecimal digits behind it,
    /// or a control character or invalid UTF-8, encoded or not.
    /// </returns>
    public static bool TryNormalize(ReadOnlySpan<byte> raw, Span<byte> destination, out int written)
    {
        written = 0;
        if (raw.Length == 0)
            return true;
        if (raw[0] != '/')
        {
            if (raw.Length > 1 || raw[0] != '*')
                return false;
            destination[written++] = (byte)'*';
            return true;
        }

        destination[0] = (byte)'/';
        var length = 1;
        var segment = 1; // where the segment being written starts
        for (var at = 1; at < raw.Length; at++)
        {
            var value = raw[at];
            if (value == '%')
            {
                if (!PercentEncoding.TryReadEscape(raw[at..], out value))
                    return false;
                at += 2;
            }
            if (value is < 0x20 or 0x7f)
                return false;
            if (value != '/')
            {
                destination[length++] = value;
                continue;
            }
            if (!TryEndSegment(destination, segment, ref length))
                return false;
            if (length > segment)
                destination[length++] = (byte)'/';
            segment = length;
        }
        if (!TryEndSegment(destination, segment, ref length))
            return false;
        written = length;
        return true;
    }

    /// <summary>Percent-encodes a decoded path for a request target or a Location field: pchar and the slash stay, every other byte becomes %XX.</summary>
    public static void Encode(ReadOnlySpan<byte> path, IBufferWriter<byte> output) => PercentEncoding.Encode(path, PercentEncodeSet.DecodedPath, output);

    /// <summary>As <see cref="Encode"/>, into a span; false when it is too short (three times the length of the path always is enough).</summary>
    public static bool TryEncode(ReadOnlySpan<byte> path, Span<byte> destination, out int written) =>
        PercentEncoding.TryEncode(path, PercentEncodeSet.DecodedPath, destination, out written);

    private static Vector128<byte> Halves(ReadOnlySpan<byte> bytes, int first, int second) =>
        Vector128.Create(MemoryMarshal.Read<ulong>(bytes[first..]), MemoryMarshal.Read<ulong>(bytes[second..])).AsByte();

    private static bool IsSuspicious(Vector128<byte> before, Vector128<byte> value)
    {
        var slash = Vector128.Create((byte)'/');
        var dotOrSlash = Vector128.Equals(value, Vector128.Create((byte)'.')) | Vector128.Equals(value, slash);
        var notPlain = Vector128.Equals(value, Vector128.Create((byte)'%'))
            | Vector128.Equals(value, Vector128.Create((byte)0x7f))
            | Vector128.LessThan(value.AsSByte(), Vector128.Create((sbyte)0x20)).AsByte(); // signed, so this also finds 0x80 and up
        return ((Vector128.Equals(before, slash) & dotOrSlash) | notPlain) != Vector128<byte>.Zero;
    }

    // Tells a segment that merely begins with a dot, as in /.well-known, from a dot segment.
    private static bool NeedsNormalizingExact(ReadOnlySpan<byte> raw)
    {
        for (var at = 1; at < raw.Length; at++)
        {
            if (raw[at] is (byte)'%' or < 0x20 or >= 0x7f)
                return true;
            if (raw[at - 1] == '/' && raw[at..] is [(byte)'/', ..] or [(byte)'.'] or [(byte)'.', (byte)'/', ..]
                    or [(byte)'.', (byte)'.'] or [(byte)'.', (byte)'.', (byte)'/', ..])
                return true;
        }
        return false;
    }

    // A dot segment takes itself, and with two dots the segment before it, off the result. Each byte is taken off at most once, so all of it is linear.
    private static bool TryEndSegment(ReadOnlySpan<byte> path, int start, ref int length)
    {
        var segment = path[start..length];
        switch (segment)
        {
            case [(byte)'.']:
                length = start;
                return true;
            case [(byte)'.', (byte)'.'] when start == 1:
                return false;
            case [(byte)'.', (byte)'.']:
                length = path[..(start - 1)].LastIndexOf((byte)'/') + 1;
                return true;
            default:
                return Utf8.IsValid(segment);
        }
    }
}
