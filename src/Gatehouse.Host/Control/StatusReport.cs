using System.Text.Json;
using Gatehouse.Gateways.Supervision;

namespace Gatehouse.Host.Control;

/// <summary>What a running server says of itself, as JSON.</summary>
internal static class StatusReport
{
    public static async Task<byte[]> WriteAsync(RunningServer server)
    {
        var pools = new List<(string Name, IReadOnlyList<ProcessReport> Processes)>();
        foreach (var pool in server.Processes)
            pools.Add((pool.Name, await pool.ReportAsync().ConfigureAwait(false)));
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("pid", Environment.ProcessId);
            json.WriteString("started", server.StartedAt);
            json.WriteNumber("generation", server.Generation);
            json.WriteNumber("reactors", server.Reactors.Count);
            WriteHolds(json, server);
            json.WriteNumber("connections", server.OpenConnections);
            json.WriteStartArray("listen");
            foreach (var (wanted, bound) in server.Listening)
            {
                json.WriteStartObject();
                json.WriteString("address", bound.ToString());
                json.WriteBoolean("tls", wanted.IsTls);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            WriteCertificates(json, server);
            WriteUpstreams(json, server);
            WriteProcesses(json, pools);
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    private static void WriteCertificates(Utf8JsonWriter json, RunningServer server)
    {
        json.WriteStartArray("certificates");
        foreach (var certificate in server.Certificates.Status)
        {
            json.WriteStartObject();
            json.WriteStartArray("names");
            foreach (var name in certificate.Names)
                json.WriteStringValue(name.ToString());
            json.WriteEndArray();
            json.WriteString("issuer", certificate.Issuer);
            if (certificate.NotAfter is { } notAfter)
                json.WriteString("expires", notAfter);
            json.WriteString("next", certificate.NextTry);
            json.WriteNumber("failures", certificate.Failures);
            json.WriteString("error", certificate.LastError);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteHolds(Utf8JsonWriter json, RunningServer server)
    {
        json.WriteStartArray("held");
        foreach (var hold in server.Holds.All)
        {
            json.WriteStartObject();
            json.WriteNumber("reactor", hold.Reactor);
            json.WriteNumber("times", hold.Times);
            json.WriteString("last", hold.At);
            json.WriteNumber("milliseconds", Math.Round(hold.Duration.TotalMilliseconds));
            json.WriteString("by", hold.By);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteUpstreams(Utf8JsonWriter json, RunningServer server)
    {
        json.WriteStartArray("upstreams");
        foreach (var upstream in server.Upstreams)
        {
            json.WriteStartArray();
            foreach (var target in upstream.Targets)
            {
                json.WriteStartObject();
                json.WriteString("target", target.Name);
                json.WriteNumber("weight", target.Weight);
                json.WriteBoolean("available", target.IsAvailable(Environment.TickCount64));
                json.WriteBoolean("healthy", target.IsHealthy);
                json.WriteNumber("active", target.Active);
                json.WriteNumber("requests", target.Requests);
                json.WriteNumber("failures", target.Failures);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private static void WriteProcesses(Utf8JsonWriter json, List<(string Name, IReadOnlyList<ProcessReport> Processes)> pools)
    {
        json.WriteStartArray("applications");
        foreach (var (name, processes) in pools)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteStartArray("processes");
            foreach (var process in processes)
            {
                json.WriteStartObject();
                json.WriteString("state", process.State);
                json.WriteNumber("pid", process.Id);
                json.WriteNumber("requests", process.Requests);
                json.WriteNumber("memory", process.MemoryBytes);
                json.WriteNumber("age", Math.Round(process.Age.TotalSeconds, 1));
                json.WriteString("current", process.Current);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
