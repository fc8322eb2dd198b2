using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gatehouse.Http.Negotiation;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Web;

/// <summary>
/// An answer that says what is wrong: a problem document (RFC 9457), or a page for a client that likes HTML better, which is a browser.
/// </summary>
public sealed class Problem : IResult
{
    /// <summary>A problem of that status.</summary>
    public Problem(int status, string? detail = null)
    {
        Status = status;
        Detail = detail;
    }

    /// <summary>The status code, 400 to 599.</summary>
    public int Status { get; }

    /// <summary>What is wrong, in a sentence for the client; null when the status says it all.</summary>
    public string? Detail { get; }

    /// <summary>A URI for the kind of problem; null for what the status says ("about:blank").</summary>
    public string? Type { get; init; }

    /// <summary>The kind of problem in a few words; null for the status's own.</summary>
    public string? Title { get; init; }

    /// <summary>The messages for each field of the request that is wrong.</summary>
    public IReadOnlyDictionary<string, List<string>>? Errors { get; init; }

    /// <inheritdoc/>
    public ValueTask WriteAsync(Context context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Write(context.Call);
        return default;
    }

    internal void Write(Call call)
    {
        var response = call.Response;
        response.Status = Status;
        response.Body.ResetWrittenCount();
        if (IsPageWanted(call.Request.Headers))
            WritePage(call);
        else
            WriteDocument(call);
    }

    // A browser names text/html; a program that names nothing, or anything, gets the document.
    private static bool IsPageWanted(HeaderTable headers)
    {
        if (!headers.Contains(KnownHeader.Accept))
            return false;
        var page = Accept.WeightOf(headers, "text/html"u8);
        return page > Accept.WeightOf(headers, "application/problem+json"u8) && page > Accept.WeightOf(headers, "application/json"u8);
    }

    private string TitleText => Title ?? Encoding.ASCII.GetString(StatusCodes.Reason(Status));

    private void WriteDocument(Call call)
    {
        call.Response.Headers.Set(KnownHeader.ContentType, "application/problem+json"u8);
        using var writer = new Utf8JsonWriter(call.Response.Body);
        writer.WriteStartObject();
        if (Type is not null)
            writer.WriteString("type"u8, Type);
        writer.WriteString("title"u8, TitleText);
        writer.WriteNumber("status"u8, Status);
        if (Detail is not null)
            writer.WriteString("detail"u8, Detail);
        if (Status >= 500)
            writer.WriteString("requestId"u8, Failures.RequestId(call.Exchange));
        if (Errors is not null)
        {
            writer.WriteStartObject("errors"u8);
            foreach (var (field, messages) in Errors)
            {
                writer.WriteStartArray(field);
                foreach (var message in messages)
                    writer.WriteStringValue(message);
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    private void WritePage(Call call)
    {
        var page = new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>");
        var title = HtmlEncoder.Default.Encode($"{Status} {TitleText}");
        page.Append(title).Append("</title></head>\n<body>\n<h1>").Append(title).Append("</h1>\n");
        if (Detail is not null)
            page.Append("<p>").Append(HtmlEncoder.Default.Encode(Detail)).Append("</p>\n");
        if (Errors is not null)
        {
            page.Append("<ul>\n");
            foreach (var (field, messages) in Errors)
            {
                foreach (var message in messages)
                    page.Append("<li>").Append(HtmlEncoder.Default.Encode($"{field}: {message}")).Append("</li>\n");
            }
            page.Append("</ul>\n");
        }
        if (Status >= 500)
            page.Append("<p>Request <code>").Append(HtmlEncoder.Default.Encode(Failures.RequestId(call.Exchange))).Append("</code></p>\n");
        page.Append("</body>\n</html>\n");
        call.Response.Headers.Set(KnownHeader.ContentType, "text/html; charset=utf-8"u8);
        Encoding.UTF8.GetBytes(page.ToString(), call.Response.Body);
    }
}
