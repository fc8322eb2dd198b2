using System.Text;
using System.Text.Json;
using Gatehouse.Dns.Resolver;
using Gatehouse.Dns.Servers;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.Dns.Text;

namespace Gatehouse.Tools.Dig;

/// <summary>Answers as JSON.</summary>
internal static class DigJson
{
    internal static string Answers(IEnumerable<DigAnswer> answers) => Write(json =>
    {
        json.WriteStartArray();
        foreach (var answer in answers)
        {
            json.WriteStartObject();
            WriteQuestion(json, answer.Question);
            WriteMessage(json, answer.Message);
            WriteReply(json, answer.Reply);
            json.WriteString("server", answer.Server);
            if (answer.Validation is { } validation)
            {
                json.WriteString("dnssec", validation.Status.ToString().ToLowerInvariant());
                json.WriteString("dnssecReason", validation.Reason);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    internal static string Steps(IEnumerable<WalkStep> steps) => Write(json =>
    {
        json.WriteStartArray();
        foreach (var step in steps)
        {
            json.WriteStartObject();
            json.WriteString("zone", step.Zone.ToString());
            json.WriteString("server", step.Server.ToString());
            WriteMessage(json, step.Message);
            WriteReply(json, step.Reply);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    internal static string Explained(string host, HostLookup? found, string? fault, IReadOnlyList<string> steps) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("host", host);
        if (found is not null)
        {
            json.WriteString("source", found.Source.ToString().ToLowerInvariant());
            json.WriteString("name", found.Name.ToString());
            json.WriteNumber("timeToLive", found.TimeToLive);
            json.WriteStartArray("addresses");
            foreach (var address in found.Addresses)
                json.WriteStringValue(address.ToString());
            json.WriteEndArray();
        }
        if (fault is not null)
            json.WriteString("fault", fault);
        json.WriteStartArray("steps");
        foreach (var step in steps)
            json.WriteStringValue(step);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
            write(json);
        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void WriteQuestion(Utf8JsonWriter json, DnsQuestion question)
    {
        json.WriteStartObject("question");
        json.WriteString("name", question.Name.ToString());
        json.WriteString("class", DnsTypeNames.NameOf(question.Class));
        json.WriteString("type", DnsTypeNames.NameOf(question.Type));
        json.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter json, DnsMessage message)
    {
        json.WriteString("status", DnsTypeNames.NameOf(message.Rcode));
        json.WriteStartArray("flags");
        foreach (var flag in DigText.FlagsOf(message.Header.Flags))
            json.WriteStringValue(flag);
        json.WriteEndArray();
        WriteRecords(json, "answer", message.Answers);
        WriteRecords(json, "authority", message.Authorities);
        WriteRecords(json, "additional", message.Additionals);
        if (message.Edns is not { } edns)
            return;
        json.WriteStartArray("extendedErrors");
        foreach (var error in edns.ExtendedErrors)
        {
            json.WriteStartObject();
            json.WriteNumber("code", error.Code);
            json.WriteString("reason", error.Reason);
            json.WriteString("text", error.Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteRecords(Utf8JsonWriter json, string section, IReadOnlyList<DnsRecord> records)
    {
        json.WriteStartArray(section);
        foreach (var record in records)
        {
            json.WriteStartObject();
            json.WriteString("name", record.Name.ToString());
            json.WriteNumber("timeToLive", record.TimeToLive);
            json.WriteString("class", DnsTypeNames.NameOf(record.Class));
            json.WriteString("type", DnsTypeNames.NameOf(record.Type));
            json.WriteString("data", DnsDataText.Format(record.Type, record.Data.Span));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteReply(Utf8JsonWriter json, ServerReply reply)
    {
        json.WriteString("endpoint", reply.Endpoint.ToString());
        json.WriteString("protocol", DigText.Protocol(reply.Protocol).ToLowerInvariant());
        json.WriteNumber("bytes", reply.Message.Length);
        json.WriteNumber("connectMilliseconds", Math.Round(reply.Connected.TotalMilliseconds, 3));
        json.WriteNumber("totalMilliseconds", Math.Round(reply.Total.TotalMilliseconds, 3));
        if (reply.Tls is not { } tls)
            return;
        json.WriteStartObject("tls");
        json.WriteString("version", tls.Version);
        json.WriteString("cipherSuite", tls.CipherSuite);
        json.WriteString("alpn", tls.Protocol);
        if (tls.Peer is { } peer)
        {
            json.WriteString("subject", peer.Subject);
            json.WriteString("issuer", peer.Issuer);
            json.WriteStartArray("names");
            foreach (var name in peer.Names)
                json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteString("notAfter", peer.NotAfter.UtcDateTime);
            json.WriteString("pin", $"sha256/{ServerKey.PinOf(peer)}");
        }
        json.WriteEndObject();
    }
}
