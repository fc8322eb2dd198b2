using System.Buffers;
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

        // Each byte is looked at together with the one before it. A path shorter than one step is padded with a byte that is never suspicious.
        Span<byte> padded = stackalloc byte[Vector128<byte>.Count + 1];
        scoped var bytes = raw;
        if (raw.Length < padded.Length)
        {
            padded.Fill((byte)'a');
            raw.CopyTo(padded);
            bytes = padded;
        }
        var last = bytes.Length - padded.Length;
        for (var at = 0; at < last; at += Vector128<byte>.Count)
        {
            if (IsSuspicious(bytes, at))
                return NeedsNormalizingExact(raw);
        }
        return IsSuspicious(bytes, last) && NeedsNormalizingExact(raw);
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

    private static bool IsSuspicious(ReadOnlySpan<byte> bytes, int at)
    {
        var before = Vector128.Create(bytes.Slice(at, Vector128<byte>.Count));
        var value = Vector128.Create(bytes.Slice(at + 1, Vector128<byte>.Count));
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
