using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Protocols.Dns.Text;

/// <summary>Records in presentation format (RFC 1035 section 5.1), each on one line.</summary>
public static class DnsRecordText
{
    /// <summary>Name, time to live, class, type and data.</summary>
    public static string Format(DnsRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var text = new StringBuilder();
        DnsNameText.Append(text, record.Name.Wire);
        text.Append(CultureInfo.InvariantCulture, $" {record.TimeToLive} {ClassOf(record.Class)} {DnsTypeNames.NameOf(record.Type)} ");
        DnsDataText.Append(text, record.Type, record.Data.Span);
        return text.ToString();
    }

    /// <summary>
    /// Reads a line: name, then time to live and class, each of which may be missing and which may stand in either order, type and data. Names are taken as
    /// absolute; what follows a semicolon outside of quotes is a comment.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="record">The record.</param>
    /// <param name="fault">What is wrong with it.</param>
    /// <param name="timeToLive">What holds for a line without a time to live.</param>
    public static bool TryParse(ReadOnlySpan<char> line, [NotNullWhen(true)] out DnsRecord? record, [NotNullWhen(false)] out string? fault, uint timeToLive = 3600)
    {
        record = null;
        var words = new DnsWords(line);
        if (!words.TryNext(out var word))
        {
            fault = "expected a record, found an empty line";
            return false;
        }
        if (!DnsName.TryParse(word, out var name, out fault))
            return false;
        var @class = DnsClass.IN;
        while (words.TryNext(out word))
        {
            if (uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                timeToLive = seconds;
            else if (!word.Equals("ANY", StringComparison.OrdinalIgnoreCase) && DnsTypeNames.TryParseClass(word, out var known))
                @class = known;
            else if (!DnsTypeNames.TryParseType(word, out var type))
            {
                fault = $"expected a time to live, a class or a type, found '{word}'";
                return false;
            }
            else
            {
                fault = DnsDataText.Parse(type, ref words, out var data);
                record = fault is null ? new DnsRecord(name, type, @class, timeToLive, data) : null;
                return fault is null;
            }
        }
        fault = $"expected the type of a record, found the end of '{line}'";
        return false;
    }

    // ANY is the name of a type as well, and in a record that is what it means.
    private static string ClassOf(DnsClass @class) => @class == DnsClass.Any ? "CLASS255" : DnsTypeNames.NameOf(@class);
}
