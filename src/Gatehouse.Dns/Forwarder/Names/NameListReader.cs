using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Dns.Forwarder.Names;

/// <summary>
/// Reads the lines of lists: hosts(5), <c>ADDRESS NAME NAME…</c>, or one domain a line, perhaps with <c>*.</c> in front. # begins a comment, and so does ! at
/// the start of a line. What is neither is passed over and counted.
/// </summary>
internal sealed class NameListReader(Action<IpAddress, DnsName>? host, Action<DnsName>? domain)
{
    // Longer ones are no lists of names.
    private const int MaxLine = 4096;

    /// <summary>Lines that are neither.</summary>
    internal int Unread { get; private set; }

    /// <summary>Reads a list.</summary>
    internal void Read(TextReader text)
    {
        while (text.ReadLine() is { } line)
            ReadLine(line);
    }

    private void ReadLine(ReadOnlySpan<char> line)
    {
        var comment = line.IndexOf('#');
        if (comment >= 0)
            line = line[..comment];
        line = line.Trim();
        if (line.IsEmpty || line[0] == '!')
            return;
        if (line.Length > MaxLine)
        {
            Unread++;
            return;
        }

        var space = line.IndexOfAny(' ', '\t');
        if (space < 0)
        {
            var name = line.StartsWith("*.") ? line[2..] : line;
            if (domain is null || !TryName(name, out var parsed))
                Unread++;
            else
                domain(parsed);
            return;
        }

        // hosts(5) may have a zone behind an address, which a name of this server has no use for.
        var address = line[..space];
        var zone = address.IndexOf('%');
        if (host is null || !IpAddress.TryParse(zone < 0 ? address : address[..zone], out var where))
        {
            Unread++;
            return;
        }

        var names = line[space..];
        foreach (var range in names.SplitAny(' ', '\t'))
        {
            if (names[range].IsEmpty)
                continue;
            if (TryName(names[range], out var parsed))
                host(where, parsed);
            else
                Unread++;
        }
    }

    private static bool TryName(ReadOnlySpan<char> text, out DnsName name) => DnsName.TryParse(text, out name, out _) && !name.IsRoot;
}
