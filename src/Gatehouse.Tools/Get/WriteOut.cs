using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gatehouse.Tools.Get;

/// <summary>curl's -w: text with %{variables} and \n.</summary>
internal static class WriteOut
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly (string Name, Func<TransferReport, object?> Value)[] Variables =
    [
        ("content_type", report => report.Header("Content-Type")),
        ("errormsg", report => report.Error),
        ("exitcode", report => report.ExitCode),
        ("filename_effective", report => report.File),
        ("http_code", report => report.Status.ToString("000", CultureInfo.InvariantCulture)),
        ("http_version", report => report.Status == 0 ? "0" : report.Version == Http.HttpVersion.Http10 ? "1.0" : "1.1"),
        ("method", report => report.Method),
        ("num_connects", report => report.Connections),
        ("num_headers", report => report.Headers?.Count ?? 0),
        ("num_redirects", report => report.Redirects),
        ("redirect_url", report => report.Header("Location") is { } to && Http.Urls.Url.TryParse(to, report.EffectiveUrl, out var url, out _) ? url.Href : null),
        ("remote_ip", report => report.Remote.Address.IsNone ? null : report.Remote.Address.ToString()),
        ("remote_port", report => (int)report.Remote.Port),
        ("response_code", report => report.Status.ToString("000", CultureInfo.InvariantCulture)),
        ("scheme", report => report.EffectiveUrl.Scheme.ToUpperInvariant()),
        ("size_download", report => report.Downloaded),
        ("size_header", report => report.Heads.Where(pair => pair.Headers is not null).Sum(pair => pair.Response.Length)),
        ("size_request", report => report.Heads.Sum(pair => pair.Request.Length)),
        ("speed_download", report => report.Total > TimeSpan.Zero ? (long)(report.Downloaded / report.Total.TotalSeconds) : 0L),
        ("time_appconnect", report => report.EffectiveUrl.Scheme == "https" ? report.Timing?.Connected ?? default : TimeSpan.Zero),
        ("time_connect", report => report.Timing?.Connected ?? default),
        ("time_namelookup", report => report.Timing?.NameResolved ?? default),
        ("time_pretransfer", report => report.Timing?.Connected ?? default),
        ("time_starttransfer", report => report.Timing?.HeadReceived ?? default),
        ("time_total", report => report.Total),
        ("url", report => report.Url.Href),
        ("url_effective", report => report.EffectiveUrl.Href),
    ];

    public static string Format(string format, TransferReport report)
    {
        var output = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            var rest = format.AsSpan(i);
            if (rest.StartsWith("%{") && rest.IndexOf('}') is > 0 and var end)
            {
                output.Append(Value(rest[2..end].ToString(), report));
                i += end;
            }
            else if (rest.StartsWith("%header{") && rest.IndexOf('}') is > 0 and var close)
            {
                output.Append(report.Header(rest[8..close].ToString()));
                i += close;
            }
            else if (rest.StartsWith("%%"))
            {
                output.Append('%');
                i++;
            }
            else if (rest is ['\\', 'n' or 'r' or 't', ..])
            {
                output.Append(rest[1] switch { 'n' => '\n', 'r' => '\r', _ => '\t' });
                i++;
            }
            else
            {
                output.Append(format[i]);
            }
        }
        return output.ToString();
    }

    private static string Value(string name, TransferReport report)
    {
        if (name == "json")
            return Json(report);
        foreach (var (known, value) in Variables)
        {
            if (known == name)
                return Text(value(report));
        }
        return "";
    }

    private static string Text(object? value) => value switch
    {
        TimeSpan time => time.TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Json(TransferReport report)
    {
        var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, Relaxed))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in Variables)
            {
                switch (value(report))
                {
                    case null: writer.WriteNull(name); break;
                    case int number: writer.WriteNumber(name, number); break;
                    case long number: writer.WriteNumber(name, number); break;
                    case TimeSpan time: writer.WriteNumber(name, Math.Round(time.TotalSeconds, 6)); break;
                    case string text when name is "http_code" or "response_code": writer.WriteNumber(name, int.Parse(text, CultureInfo.InvariantCulture)); break;
                    case var text: writer.WriteString(name, text.ToString()); break;
                }
            }
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
