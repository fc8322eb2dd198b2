using System.Globalization;
using System.Text.Json;
using Gatehouse.Load.Results;

namespace Gatehouse.Load.Report;

/// <summary>A result as JSON: what --json prints, --save keeps and --compare reads.</summary>
public static class ResultJson
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, NewLine = "\n" };

    /// <summary>Writes results: one as an object, those of several steps as a list.</summary>
    public static void Write(Stream output, IReadOnlyList<LoadResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        using (var writer = new Utf8JsonWriter(output, Readable))
        {
            if (results.Count > 1)
                writer.WriteStartArray();
            foreach (var result in results)
                Write(writer, result);
            if (results.Count > 1)
                writer.WriteEndArray();
        }
        output.Write("\n"u8);
    }

    /// <summary>Reads what was kept of a run; of several steps the last.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static LoadResult Read(Stream input)
    {
        try
        {
            using var document = JsonDocument.Parse(input);
            var root = document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.EnumerateArray().Last() : document.RootElement;
            return new LoadResult
            {
                Requests = root.GetProperty("requests").GetInt64(),
                Seconds = root.GetProperty("seconds").GetDouble(),
                Errors = Enum.GetValues<LoadFault>().ToDictionary(fault => fault, fault => root.GetProperty("errors").GetProperty(Name(fault)).GetInt64()),
                Latency = ReadLatencies(root.GetProperty("latency_us")),
                Service = ReadLatencies(root.GetProperty("service_us")),
                AskedRate = root.GetProperty("asked_rate").GetDouble(),
            };
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"this is no saved run: {exception.Message}", exception);
        }
    }

    private static void Write(Utf8JsonWriter writer, LoadResult result)
    {
        writer.WriteStartObject();
        writer.WriteNumber("requests", result.Requests);
        writer.WriteNumber("seconds", Math.Round(result.Seconds, 3));
        writer.WriteNumber("requests_per_second", Math.Round(result.Rate, 1));
        writer.WriteNumber("asked_rate", result.AskedRate);
        writer.WriteNumber("bytes", result.Bytes);
        writer.WriteStartObject("errors");
        foreach (var (fault, count) in result.Errors)
            writer.WriteNumber(Name(fault), count);
        writer.WriteEndObject();
        writer.WriteStartObject("statuses");
        for (var i = 0; i < result.Statuses.Count; i++)
            writer.WriteNumber($"{i + 1}xx", result.Statuses[i]);
        writer.WriteEndObject();
        WriteLatencies(writer, "latency_us", result.Latency);
        WriteLatencies(writer, "service_us", result.Service);
        writer.WriteStartObject("generator");
        writer.WriteNumber("cpu_seconds", Math.Round(result.CpuSeconds, 3));
        writer.WriteNumber("cpu_share", Math.Round(result.CpuShare, 3));
        writer.WriteNumber("lag_p99_us", result.LagMicroseconds);
        writer.WriteEndObject();
        writer.WriteStartArray("warnings");
        foreach (var warning in result.Warnings)
            writer.WriteStringValue(warning);
        writer.WriteEndArray();
        writer.WriteStartArray("series");
        foreach (var second in result.Series)
        {
            writer.WriteStartObject();
            writer.WriteNumber("second", second.Second);
            writer.WriteNumber("requests", second.Requests);
            writer.WriteNumber("errors", second.Errors);
            writer.WriteNumber("p50_us", second.P50);
            writer.WriteNumber("p99_us", second.P99);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteLatencies(Utf8JsonWriter writer, string name, Latencies latencies)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("min", latencies.Min);
        writer.WriteNumber("mean", Math.Round(latencies.Mean, 3));
        writer.WriteNumber("stddev", Math.Round(latencies.Deviation, 3));
        foreach (var (percentile, value) in latencies.Percentiles)
            writer.WriteNumber(Key(percentile), value);
        writer.WriteNumber("max", latencies.Max);
        writer.WriteEndObject();
    }

    private static Latencies ReadLatencies(JsonElement element) => new()
    {
        Min = element.GetProperty("min").GetDouble(),
        Mean = element.GetProperty("mean").GetDouble(),
        Deviation = element.GetProperty("stddev").GetDouble(),
        Max = element.GetProperty("max").GetDouble(),
        Percentiles = Latencies.Shown.ToDictionary(percentile => percentile, percentile => element.GetProperty(Key(percentile)).GetDouble()),
    };

    private static string Key(double percentile) => "p" + percentile.ToString(CultureInfo.InvariantCulture);

    private static string Name(LoadFault fault) => fault.ToString().ToLowerInvariant();
}
