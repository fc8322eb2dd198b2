using System.Diagnostics.CodeAnalysis;
using Gatehouse.Protocols.Dns.Messages;

namespace Gatehouse.Protocols.Dns.Text;

/// <summary>Records in presentation format, one on each line, as in IANA's named.root and BIND's dsset files: empty lines and comments are passed over.</summary>
public static class DnsRecordLines
{
    /// <summary>Reads a text whole, up to its first fault.</summary>
    /// <param name="text">The text.</param>
    /// <param name="records">The records.</param>
    /// <param name="fault">What is wrong, and in which line.</param>
    /// <param name="refuse">Says what is wrong with a record that does not belong there; null for one that does.</param>
    public static bool TryParse(
        string text, out IReadOnlyList<DnsRecord> records, [NotNullWhen(false)] out string? fault, Func<DnsRecord, string?>? refuse = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var read = new List<DnsRecord>();
        records = read;
        fault = null;
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (line.AsSpan().Trim() is not { IsEmpty: false } bare || bare[0] == ';')
                continue;
            if (!DnsRecordText.TryParse(bare, out var record, out fault) || (fault = refuse?.Invoke(record)) is not null)
            {
                fault = $"line {number}: {fault}";
                return false;
            }
            read.Add(record);
        }
        return true;
    }
}
