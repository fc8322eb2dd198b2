using System.Globalization;
using System.Text;
using Gatehouse.Protocols.Dns.Data;

namespace Gatehouse.Protocols.Dns.Text;

/// <summary>The data of records in presentation format; that of unknown types, and data that is not what its type says, in the form of RFC 3597.</summary>
public static class DnsDataText
{
    /// <summary>The text of data in wire format, names in it without compression.</summary>
    public static string Format(DnsType type, ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder();
        Append(text, type, data);
        return text.ToString();
    }

    /// <summary>Appends the text of data in wire format, names in it without compression.</summary>
    public static void Append(StringBuilder text, DnsType type, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (OwnForm(type, data) is { } own && IsReadBack(type, own, data))
            text.Append(own);
        else
            AppendUnknown(text, data);
    }

    // Null for data that is not what its type says.
    private static string? OwnForm(DnsType type, ReadOnlySpan<byte> data)
    {
        var layout = DnsDataLayout.Of(type);
        var reader = new DnsDataReader(data, 0, data.Length);
        if (layout[0] == DnsDataField.Unknown || !DnsData.IsValid(type, reader))
            return null;
        var text = new StringBuilder();
        for (var i = 0; i < layout.Length; i++)
        {
            if (i > 0 && !reader.IsAtEnd)
                text.Append(' ');
            DnsFieldText.Append(text, layout[i], ref reader);
        }
        // A list may be there and have nothing in it.
        if (text.Length > 0 && text[^1] == ' ')
            text.Length--;
        return text.ToString();
    }

    // Types have more forms than their text can say (a latitude of 300 degrees, parameters out of order): those go the way of unknown types, so that nothing
    // is said of data that is not so. Data that means the same in fewer bytes has the same text.
    private static bool IsReadBack(DnsType type, string own, ReadOnlySpan<byte> data) =>
        Parse(type, own, out var again) is null && (data.SequenceEqual(again) || OwnForm(type, again) == own);

    /// <summary>Reads data of any type in its own form or that of RFC 3597.</summary>
    /// <param name="type">The type.</param>
    /// <param name="text">The data's text.</param>
    /// <param name="data">The data in wire format, names in it without compression.</param>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public static string? Parse(DnsType type, ReadOnlySpan<char> text, out byte[] data)
    {
        var words = new DnsWords(text);
        return Parse(type, ref words, out data);
    }

    internal static string? Parse(DnsType type, ref DnsWords words, out byte[] data)
    {
        data = [];
        var bytes = new List<byte>();
        var first = words;
        string? fault = null;
        if (first.TryNext(out var word) && word is "\\#")
        {
            words = first;
            fault = ParseUnknown(ref words, bytes);
        }
        else
        {
            foreach (var field in DnsDataLayout.Of(type))
            {
                if ((fault = DnsFieldText.Parse(field, ref words, bytes)) is not null)
                    break;
            }
        }
        if (fault is null && !words.IsAtEnd)
            fault = "found more words";
        if (fault is null && bytes.Count > ushort.MaxValue)
            fault = $"found {bytes.Count} bytes, more than the 65535 that a record may have";
        data = [.. bytes];
        if (fault is null && !DnsData.IsValid(type, new DnsDataReader(data, 0, data.Length)))
            fault = "found bytes that are not";
        return fault is null ? null : $"expected the data of a {DnsTypeNames.NameOf(type)} record, {fault}";
    }

    // RFC 3597 section 5: \# length hex...
    private static void AppendUnknown(StringBuilder text, ReadOnlySpan<byte> data)
    {
        text.Append(CultureInfo.InvariantCulture, $"\\# {data.Length}");
        if (!data.IsEmpty)
            text.Append(' ').Append(Convert.ToHexString(data));
    }

    private static string? ParseUnknown(ref DnsWords words, List<byte> bytes)
    {
        if (!words.TryNext(out var word) || !ushort.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            return "found no length behind \\#";
        var fault = DnsFieldText.Parse(DnsDataField.HexRest, ref words, bytes);
        return fault ?? (bytes.Count == length ? null : $"found {bytes.Count} bytes where {length} are announced");
    }
}
