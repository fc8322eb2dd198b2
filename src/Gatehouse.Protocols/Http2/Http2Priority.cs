using Gatehouse.Protocols.Headers;

namespace Gatehouse.Protocols.Http2;

/// <summary>How soon and how a response is wanted (RFC 9218 section 4).</summary>
/// <param name="Urgency">0, the most urgent, to 7.</param>
/// <param name="IsIncremental">True when parts are of use, so that responses may share the connection.</param>
public readonly record struct Http2Priority(byte Urgency, bool IsIncremental)
{
    /// <summary>How many levels of urgency there are.</summary>
    public const int Levels = 8;

    /// <summary>What holds without a word of the client.</summary>
    public static Http2Priority Default => new(3, IsIncremental: false);

    /// <summary>
    /// Reads the value of a Priority field, a dictionary of structured fields (RFC 9218 section 5): <c>u=5, i</c>. What is unknown, of another type or out of
    /// range is ignored, as the RFC asks.
    /// </summary>
    public static Http2Priority Parse(ReadOnlySpan<byte> value)
    {
        var (urgency, isIncremental) = Default;
        foreach (var member in new HeaderListReader(value))
        {
            var end = HeaderListReader.EndOf(member, (byte)';');
            var item = HeaderSyntax.Trim(member[..end]);
            if (item is [(byte)'u', (byte)'=', >= (byte)'0' and <= (byte)'7'])
                urgency = (byte)(item[2] - '0');
            else if (item is [(byte)'i'] or [(byte)'i', (byte)'=', (byte)'?', (byte)'1'])
                isIncremental = true;
            else if (item is [(byte)'i', (byte)'=', (byte)'?', (byte)'0'])
                isIncremental = false;
        }
        return new Http2Priority(urgency, isIncremental);
    }
}
