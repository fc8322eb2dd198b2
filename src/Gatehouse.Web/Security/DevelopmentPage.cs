using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Gatehouse.Protocols.Headers;
using Microsoft.Extensions.Configuration;

namespace Gatehouse.Web;

/// <summary>
/// The page of a failure in development: what was thrown, the lines of source around it, the request and the configuration. Production never shows it. Values
/// whose name speaks of a secret are left out here too.
/// </summary>
internal static class DevelopmentPage
{
    private const int LinesAround = 6;
    private const int MaxFrames = 10;
    private static readonly string[] Secrets = ["password", "secret", "token", "key", "connectionstring", "authorization", "cookie"];

    public static void Write(Call call, Exception exception)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{Encode(exception.GetType().Name)}</title>\n<style nonce=\"{call.Nonce}\">");
        page.Append("body{font-family:sans-serif;margin:2em}pre{background:#f4f4f4;padding:1em;overflow:auto}.at{background:#fdd}th{text-align:left;padding-right:1em}</style></head>\n<body>\n");
        for (var current = exception; current is not null; current = current.InnerException)
            AppendException(page, current);
        page.Append("<h2>Request</h2>\n<table>\n");
        AppendRow(page, "method", Encoding.Latin1.GetString(call.Request.MethodName));
        AppendRow(page, "target", Encoding.Latin1.GetString(call.Request.Target));
        AppendRow(page, "route", call.Endpoint.Route.ToString());
        AppendRow(page, "request id", Failures.RequestId(call.Exchange));
        var headers = call.Request.Headers;
        for (var i = 0; i < headers.Count; i++)
            AppendRow(page, Encoding.Latin1.GetString(headers[i].Name), Encoding.Latin1.GetString(headers[i].Value));
        page.Append("</table>\n<h2>Configuration</h2>\n<table>\n");
        foreach (var (key, value) in call.App.Configuration.AsEnumerable().OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase))
        {
            if (value is not null)
                AppendRow(page, key, value);
        }
        page.Append("</table>\n</body>\n</html>\n");
        call.Response.Status = 500;
        call.Response.Headers.Set(KnownHeader.ContentType, "text/html; charset=utf-8"u8);
        Encoding.UTF8.GetBytes(page.ToString(), call.Response.Body);
    }

    private static void AppendException(StringBuilder page, Exception exception)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h1>{Encode(exception.GetType().FullName ?? "")}</h1>\n<p>{Encode(exception.Message)}</p>\n");
        var shown = 0;
        foreach (var frame in new StackTrace(exception, fNeedFileInfo: true).GetFrames())
        {
            if (frame.GetFileName() is { } file && File.Exists(file) && shown++ < MaxFrames)
                AppendSource(page, file, frame.GetFileLineNumber());
        }
        page.Append("<pre>").Append(Encode(exception.StackTrace ?? "")).Append("</pre>\n");
    }

    private static void AppendSource(StringBuilder page, string file, int line)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h3>{Encode(file)}:{line}</h3>\n<pre>");
        var number = 0;
        foreach (var text in File.ReadLines(file).Take(line + LinesAround))
        {
            number++;
            if (number < line - LinesAround)
                continue;
            var row = Encode(string.Create(CultureInfo.InvariantCulture, $"{number,5}  {text}"));
            page.Append(number == line ? $"<span class=\"at\">{row}</span>\n" : row + "\n");
        }
        page.Append("</pre>\n");
    }

    private static void AppendRow(StringBuilder page, string name, string value)
    {
        var isSecret = Array.Exists(Secrets, secret => name.Contains(secret, StringComparison.OrdinalIgnoreCase));
        page.Append(CultureInfo.InvariantCulture, $"<tr><th>{Encode(name)}</th><td>{(isSecret ? "(not shown)" : Encode(value))}</td></tr>\n");
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
