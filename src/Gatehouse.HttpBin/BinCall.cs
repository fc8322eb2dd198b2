using System.Globalization;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Http.Urls;
using Gatehouse.HttpBin.Requests;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.HttpBin;

/// <summary>One request as an endpoint sees it, and the ways to answer it.</summary>
internal sealed class BinCall
{
    private const string HtmlType = "text/html; charset=utf-8";

    private List<KeyValuePair<string, string>>? _arguments;

    public BinCall(Exchange exchange, string prefix, string method, Dictionary<string, string> values)
    {
        Exchange = exchange;
        Prefix = prefix;
        Method = method;
        Values = values;
    }

    public Exchange Exchange { get; }

    /// <summary>What stands before the endpoint's own path.</summary>
    public string Prefix { get; }

    public string Method { get; }

    /// <summary>The variable parts of the path.</summary>
    public IReadOnlyDictionary<string, string> Values { get; }

    /// <summary>The query's pairs in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Arguments
    {
        get
        {
            if (_arguments is null)
            {
                _arguments = [];
                var reader = new FormUrlEncodedReader(Exchange.Request.Query);
                while (reader.TryRead(out var pair))
                    _arguments.Add(new(pair.GetName(), pair.GetValue()));
            }
            return _arguments;
        }
    }

    /// <summary>Scheme, host and port of this server, as the client wrote them.</summary>
    public string Origin => $"{(Exchange.Request.IsSecure ? "https" : "http")}://{Encoding.Latin1.GetString(Exchange.Request.Authority)}";

    public HeaderList Fields => Exchange.Response.Headers;

    public int Number(string name) => int.Parse(Values[name], NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>The first argument of that name, in any case.</summary>
    public string? Argument(string name) => Arguments.FirstOrDefault(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    public int IntArgument(string name, int otherwise) => Argument(name) is not { } text
        ? otherwise
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new BadRequestException($"{name}: found '{text}', expected a whole number");

    /// <summary>A time in seconds; not below zero, and at most <paramref name="most"/>.</summary>
    public static TimeSpan Seconds(string name, string? text, double otherwise, double most)
    {
        var seconds = otherwise;
        if (text is not null && !(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds) && seconds >= 0))
            throw new BadRequestException($"{name}: found '{text}', expected a number of seconds");
        return TimeSpan.FromSeconds(Math.Min(seconds, most));
    }

    /// <summary>A field of the request; null without it. Repeated lines count as one, as WSGI has it.</summary>
    public string? Header(string name) => RequestFields.Find(Exchange.Request, name);

    /// <summary>Waits; ends early, with an exception, when the client is gone.</summary>
    public Task PauseAsync(TimeSpan time) => time > TimeSpan.Zero ? Task.Delay(time, Exchange.Aborted) : Task.CompletedTask;

    public ValueTask SendAsync(string type, ReadOnlyMemory<byte> body)
    {
        Fields.Set(KnownHeader.ContentType, Encoding.ASCII.GetBytes(type));
        return Exchange.SendAsync(body);
    }

    public ValueTask SendTextAsync(string text) => SendAsync("text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text));

    public ValueTask SendHtmlAsync(string html) => SendAsync(HtmlType, Encoding.UTF8.GetBytes(html));

    public ValueTask SendJsonAsync(ReadOnlyMemory<byte> json) => SendAsync("application/json", json);

    /// <summary>Ends with no body of its own; an empty page where the status may have one, so that no error page takes its place.</summary>
    public ValueTask EndAsync(bool isHtml = true)
    {
        if (isHtml && Exchange.Response.Status != 304)
            Fields.Set(KnownHeader.ContentType, Encoding.ASCII.GetBytes(HtmlType));
        return Exchange.Response.Status is 204 or 304 ? Exchange.CompleteAsync() : Exchange.SendAsync(default);
    }

    public ValueTask RedirectAsync(string location, bool withPage = true)
    {
        Exchange.Response.Status = 302;
        SetField("Location", location);
        return withPage ? SendHtmlAsync($"<!doctype html>\n<title>Elsewhere</title>\n<p>Go to <a href=\"{Html(location)}\">{Html(location)}</a>.\n") : EndAsync();
    }

    /// <summary>Sets a field from text that the client may have chosen.</summary>
    public void SetField(string name, string value) => Checked(() => Fields.Set(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value)));

    /// <summary>Adds a field from text that the client may have chosen.</summary>
    public void AddField(string name, string value) => Checked(() => Fields.Add(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value)));

    public static string Html(string text) => System.Net.WebUtility.HtmlEncode(text);

    private static void Checked(Action change)
    {
        try
        {
            change();
        }
        catch (ArgumentException exception)
        {
            throw new BadRequestException(exception.Message, exception);
        }
    }
}
