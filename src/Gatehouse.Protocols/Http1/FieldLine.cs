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

    /// <summary>After <see cref="ParseStatus.Failed"/>: what was expected and what was found.</summary>
    public string? Fault;

    /// <summary>Where the fault is.</summary>
    public int FaultAt;

    /// <summary>
    /// Reads the field line at <paramref name="start"/>, which is before <paramref name="limit"/>. A line is judged when its LF has arrived, so that the verdict
    /// does not depend on how the bytes were split.
    /// </summary>
    /// <param name="bytes">Holds the line; bytes behind the limit may be looked at, but have no influence.</param>
    /// <param name="start">Where the line starts.</param>
    /// <param name="limit">Behind the last byte that may be used.</param>
    /// <param name="spaceBeforeColon">Accept white space between name and colon, as a proxy must in a response (RFC 9112 section 5.1).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ParseStatus Read(ReadOnlySpan<byte> bytes, int start, int limit, bool spaceBeforeColon)
    {
        var colon = NameEnd = ByteScan.EndOf(ByteScan.Token, bytes, start, limit);
        if (spaceBeforeColon)
            colon = SkipSpace(bytes, colon, limit);
        if (colon >= limit)
            return ParseStatus.NeedMore;
        if (bytes[colon] != ':' || NameEnd == start)
            return FailName(bytes, start, colon, limit);

        // Nearly always one space and then the value.
        var valueStart = colon + 1;
        if (valueStart < limit && bytes[valueStart] == ' ')
            valueStart++;
        if (valueStart < limit && bytes[valueStart] <= ' ')
            valueStart = SkipSpace(bytes, valueStart, limit);
        var valueEnd = ByteScan.EndOfValue(bytes, valueStart, limit);
        var next = valueEnd + 2;
        if (next > limit || bytes[valueEnd] != '\r' || bytes[valueEnd + 1] != '\n')
            return FailValue(bytes, valueEnd, limit);
        while (valueEnd > valueStart && bytes[valueEnd - 1] <= ' ')
            valueEnd--;
        ValueStart = valueStart;
        ValueEnd = valueEnd;
        Next = next;
        return ParseStatus.Done;
    }

    private static int SkipSpace(ReadOnlySpan<byte> bytes, int at, int limit)
    {
        while (at < limit && bytes[at] is (byte)' ' or (byte)'\t')
            at++;
        return at;
    }

    private ParseStatus FailName(ReadOnlySpan<byte> bytes, int start, int at, int limit)
    {
        var found = bytes[at];
        return Fail(bytes, at, limit, at == start
            ? found switch
            {
                (byte)':' => "a field name must not be empty (RFC 9112 section 5)",
                (byte)' ' or (byte)'\t' => "a field line must not start with white space: obsolete line folding (RFC 9112 section 5.2)",
                _ => "a field line must start with a token (RFC 9112 section 5)",
            }
            : found switch
            {
                (byte)' ' or (byte)'\t' => "white space between field name and colon (RFC 9112 section 5.1)",
                (byte)'\r' or (byte)'\n' => "a field line has no colon (RFC 9112 section 5)",
                _ => "a field name must be a token (RFC 9110 section 5.6.2)",
            });
    }

    private ParseStatus FailValue(ReadOnlySpan<byte> bytes, int at, int limit) =>
        at >= limit ? ParseStatus.NeedMore : Fail(bytes, at, limit, bytes[at] switch
        {
            (byte)'\r' => "bare CR: a line ends with CR LF (RFC 9112 section 2.2)",
            (byte)'\n' => "bare LF: a line ends with CR LF (RFC 9112 section 2.2)",
            _ => "a field value must not hold control characters (RFC 9110 section 5.5)",
        });

    private ParseStatus Fail(ReadOnlySpan<byte> bytes, int at, int limit, string fault)
    {
        if (bytes[at..limit].IndexOf((byte)'\n') < 0)
            return ParseStatus.NeedMore;
        Fault = fault;
        FaultAt = at;
        return ParseStatus.Failed;
    }
}
