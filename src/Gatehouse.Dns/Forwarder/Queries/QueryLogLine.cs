using System.Diagnostics;
using System.Globalization;
using System.Text;
using Gatehouse.Dns.Forwarder.Answers;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Names;
using Gatehouse.Protocols.Dns.Text;

namespace Gatehouse.Dns.Forwarder.Queries;

/// <summary>A line of the query log: time, client, way, name, type, response code, where the answer is from, milliseconds.</summary>
internal static class QueryLogLine
{
    private static readonly string[] Kinds = ["udp", "tcp", "tls", "https", "dnscrypt-udp", "dnscrypt-tcp"];

    internal static void Append(IQueryLog log, in Client client, ReadOnlySpan<byte> query, in QueryView view, ReadOnlySpan<byte> answer, string source, long ticks)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.fffZ} {client.Address} {Kinds[(int)client.Kind]} {DnsNameText.Format(view.Name(query))} {DnsTypeNames.NameOf(view.Type)} {Rcode(answer)} {source} {ticks * 1000.0 / Stopwatch.Frequency:0.000}\n");
        Span<byte> line = stackalloc byte[2048];
        if (Encoding.UTF8.TryGetBytes(text, line, out var length))
            log.Append(line[..length]);
    }

    private static string Rcode(ReadOnlySpan<byte> answer) => ((DnsRcode)(answer[3] & 0xF)).ToString().ToUpperInvariant();
}
