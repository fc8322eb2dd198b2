using System.Runtime.CompilerServices;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Protocols.Http1;

/// <summary>
/// One line of a header or trailer section: field-line = field-name ":" OWS field-value OWS (RFC 9112 section 5), ended by CRLF and nothing else.
/// All positions are offsets into the span that was read.
/// </summary>
internal struct FieldLine
{
    public int NameEnd;
    public int ValueStart;
    public int ValueEnd;

    /// <summary>Behind the line.</summary>
    public int Next;

    /// <summary>After <see cref="ParseStatus.Failed"/>: where the fault is (see <see cref="Fault"/>).</summary>
    public int FaultAt;

    /// <summary>
    /// Reads the field line at <paramref name="start"/>, which is before <paramref name="limit"/>. A line is judged when its LF has arrived, so that the
    /// verdict does not depend on how the bytes were split.
    /// </summary>
    /// <param name="bytes">Holds the line; bytes behind the limit may be looked at, but have no influence.</param>
    /// <param name="start">Where the line starts.</param>
    /// <param name="limit">Behind the last byte that may be used.</param>
    /// <param name="spaceBeforeColon">Accept white space between name and colon, as a proxy must in a response (RFC 9112 section 5.1).</param>
    /// <remarks>Inlined, and free of calls that take its address, so that the positions stay in registers in the loop over the fields.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ParseStatus Read(ReadOnlySpan<byte> bytes, int start, int limit, bool spaceBeforeColon)
    {
        var nameEnd = ByteScan.EndOf(ByteScan.Token, bytes, start, limit);
        var colon = spaceBeforeColon ? SkipSpace(bytes, nameEnd, limit) : nameEnd;
        if (colon >= limit)
            return ParseStatus.NeedMore;
        if (bytes[colon] != ':' || nameEnd == start)
        {
            FaultAt = colon;
            return Judge(bytes, colon, limit);
        }

        // Nearly always one space and then the value.
        var valueStart = colon + 1;
        if (valueStart < limit && bytes[valueStart] == ' ')
            valueStart++;
        if (valueStart < limit && bytes[valueStart] <= ' ')
            valueStart = SkipSpace(bytes, valueStart, limit);
        var valueEnd = ByteScan.EndOfValue(bytes, valueStart, limit);
        var next = valueEnd + 2;
        if (next > limit || bytes[valueEnd] != '\r' || bytes[valueEnd + 1] != '\n')
        {
            FaultAt = valueEnd;
            return Judge(bytes, valueEnd, limit);
        }
        while (valueEnd > valueStart && bytes[valueEnd - 1] <= ' ')
            valueEnd--;
        NameEnd = nameEnd;
        ValueStart = valueStart;
        ValueEnd = valueEnd;
        Next = next;
        return ParseStatus.Done;
    }

    /// <summary>What was expected and what was found, for the line at <paramref name="start"/> with its fault at <paramref name="at"/>.</summary>
    public static string Fault(ReadOnlySpan<byte> bytes, int start, int at)
    {
        var found = bytes[at];
        if (bytes[start..at].Contains((byte)':'))
        {
            return found switch
            {
                (byte)'\r' => "bare CR: a line ends with CR LF (RFC 9112 section 2.2)",
                (byte)'\n' => "bare LF: a line ends with CR LF (RFC 9112 section 2.2)",
                _ => "a field value must not hold control characters (RFC 9110 section 5.5)",
            };
        }
        if (at == start)
        {
            return found switch
            {
                (byte)':' => "a field name must not be empty (RFC 9112 section 5)",
                (byte)' ' or (byte)'\t' => "a field line must not start with white space: obsolete line folding (RFC 9112 section 5.2)",
                _ => "a field line must start with a token (RFC 9112 section 5)",
            };
        }
        return found switch
        {
            (byte)' ' or (byte)'\t' => "white space between field name and colon (RFC 9112 section 5.1)",
            (byte)'\r' or (byte)'\n' => "a field line has no colon (RFC 9112 section 5)",
            _ => "a field name must be a token (RFC 9110 section 5.6.2)",
        };
    }

    private static int SkipSpace(ReadOnlySpan<byte> bytes, int at, int limit)
    {
        while (at < limit && bytes[at] is (byte)' ' or (byte)'\t')
            at++;
        return at;
    }

    private static ParseStatus Judge(ReadOnlySpan<byte> bytes, int at, int limit) =>
        at < limit && bytes[at..limit].Contains((byte)'\n') ? ParseStatus.Failed : ParseStatus.NeedMore;
}
