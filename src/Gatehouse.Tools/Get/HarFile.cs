using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gatehouse.Http.Urls;

namespace Gatehouse.Tools.Get;

/// <summary>Transfers as an HTTP Archive (HAR 1.2), for browsers' tools. Bodies are not in it.</summary>
internal static class HarFile
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Stream output, IEnumerable<TransferReport> reports)
    {
        using var writer = new Utf8JsonWriter(output, Readable);
        writer.WriteStartObject();
        writer.WriteStartObject("log");
        writer.WriteString("version", "1.2");
        writer.WriteStartObject("creator");
        writer.WriteString("name", "gatehouse get");
        writer.WriteString("version", "0.1.0");
        writer.WriteEndObject();
        writer.WriteStartArray("entries");
        foreach (var report in reports)
        {
            foreach (var pair in report.Heads.Where(pair => pair.Status >= 200))
                WriteEntry(writer, report, pair, isLast: pair == report.Heads[^1]);
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter writer, TransferReport report, HeadPair pair, bool isLast)
    {
        var receive = isLast && report.Timing is { BodyReceived: { } end, HeadReceived: { } head } ? end - head : TimeSpan.Zero;
        var lines = pair.Request.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var line = lines[0].Split(' ');
        var fields = lines.Skip(1).Select(field => field.Split(": ", 2)).Select(field => (Name: field[0], Value: field.ElementAtOrDefault(1) ?? "")).ToList();
        writer.WriteStartObject();
        writer.WriteString("startedDateTime", pair.Started);
        writer.WriteNumber("time", Milliseconds(pair.Wait + receive));
        writer.WriteStartObject("request");
        writer.WriteString("method", line[0]);
        var url = UrlOf(report, line[1], fields.Find(field => field.Name == "Host").Value);
        writer.WriteString("url", url);
        writer.WriteString("httpVersion", line[^1]);
        WriteEmpty(writer, "cookies");
        WriteFields(writer, "headers", fields);
        WriteFields(writer, "queryString", Query(url));
        writer.WriteNumber("headersSize", pair.Request.Length);
        writer.WriteNumber("bodySize", fields.Find(field => field.Name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)).Value is { } length && long.TryParse(length, out var size) ? size : 0);
        writer.WriteEndObject();
        writer.WriteStartObject("response");
        writer.WriteNumber("status", pair.Status);
        writer.WriteString("statusText", pair.Reason);
        writer.WriteString("httpVersion", pair.Version);
        WriteEmpty(writer, "cookies");
        WriteFields(writer, "headers", Fields(pair));
        writer.WriteStartObject("content");
        writer.WriteNumber("size", isLast ? report.Downloaded : 0);
        writer.WriteString("mimeType", (isLast ? report.Header("Content-Type") : null) ?? "x-unknown");
        writer.WriteEndObject();
        writer.WriteString("redirectURL", Fields(pair).Find(field => field.Name.Equals("Location", StringComparison.OrdinalIgnoreCase)).Value ?? "");
        writer.WriteNumber("headersSize", pair.Response.Length);
        writer.WriteNumber("bodySize", -1);
        writer.WriteEndObject();
        writer.WriteStartObject("cache");
        writer.WriteEndObject();
        writer.WriteStartObject("timings");
        writer.WriteNumber("send", 0);
        writer.WriteNumber("wait", Milliseconds(pair.Wait));
        writer.WriteNumber("receive", Milliseconds(receive));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string UrlOf(TransferReport report, string target, string? host) =>
        target.Contains("://", StringComparison.Ordinal) ? target : $"{report.EffectiveUrl.Scheme}://{host ?? report.EffectiveUrl.Authority}{target}";

    private static List<(string Name, string Value)> Fields(HeadPair pair)
    {
        var fields = new List<(string, string)>();
        for (var i = 0; i < pair.Headers!.Count; i++)
            fields.Add((Encoding.Latin1.GetString(pair.Headers[i].Name), Encoding.Latin1.GetString(pair.Headers[i].Value)));
        return fields;
    }

    private static List<(string Name, string Value)> Query(string url)
    {
        var pairs = new List<(string, string)>();
        var mark = url.IndexOf('?', StringComparison.Ordinal);
        if (mark < 0)
            return pairs;
        var reader = new FormUrlEncodedReader(Encoding.UTF8.GetBytes(url[(mark + 1)..]), maxPairs: int.MaxValue);
        while (reader.TryRead(out var pair))
            pairs.Add((pair.GetName(), pair.GetValue()));
        return pairs;
    }

    private static double Milliseconds(TimeSpan time) => double.Parse(time.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static void WriteEmpty(Utf8JsonWriter writer, string name)
    {
        writer.WriteStartArray(name);
        writer.WriteEndArray();
    }

    private static void WriteFields(Utf8JsonWriter writer, string name, List<(string Name, string Value)> fields)
    {
        writer.WriteStartArray(name);
        foreach (var (key, value) in fields)
        {
            writer.WriteStartObject();
            writer.WriteString("name", key);
            writer.WriteString("value", value);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
