using System.Globalization;
using System.Text;
using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.HttpBin.Requests;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.HttpBin.Endpoints;

/// <summary>Answers with the status or the fields that the client names.</summary>
internal static class Statuses
{
    private const string Teapot = """

                   ,
          _     .  |  .
         ( `'-.___.-'_'-.
          \  short and   )=.
           \  stout     / _|
            `._______,-'=`

        """;

    public static ValueTask Answer(BinCall call)
    {
        var codes = call.Values["codes"];
        var choices = new List<(int Status, double Weight)>();
        foreach (var choice in codes.Split(','))
        {
            var parts = choice.Split(':');
            var weight = 1.0;
            if (parts.Length > 2 || !int.TryParse(parts[0], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var status) ||
                (parts.Length == 2 && !(double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out weight) && weight >= 0)))
            {
                throw new BadRequestException("Invalid status code");
            }
            if (status is < 200 or > 599)
                throw new BadRequestException($"A final status is 200 to 599 (RFC 9110 section 15); found {status}");
            choices.Add((status, weight));
        }
        var at = System.Random.Shared.NextDouble() * choices.Sum(choice => choice.Weight);
        foreach (var (status, weight) in choices)
        {
            if ((at -= weight) < 0)
                return EndAsync(call, status);
        }
        return EndAsync(call, choices[^1].Status);
    }

    /// <summary>An answer with that status and what belongs to it.</summary>
    public static ValueTask EndAsync(BinCall call, int status)
    {
        call.Exchange.Response.Status = status;
        switch (status)
        {
            case 301 or 302 or 303 or 305 or 307:
                call.SetField("Location", call.Prefix + "/redirect/1");
                return call.EndAsync(isHtml: false);
            case 401:
                call.SetField("WWW-Authenticate", "Basic realm=\"Fake Realm\"");
                return call.EndAsync(isHtml: false);
            case 407:
                call.SetField("Proxy-Authenticate", "Basic realm=\"Fake Realm\"");
                return call.EndAsync(isHtml: false);
            case 402:
                call.SetField("x-more-info", "https://www.rfc-editor.org/rfc/rfc9110#section-15.5.3");
                return call.Exchange.SendAsync("Payment required.\n"u8.ToArray());
            case 406:
                return call.SendJsonAsync(RequestJson.Document(WriteAccepted));
            case 418:
                call.SetField("x-more-info", "http://tools.ietf.org/html/rfc2324");
                return call.Exchange.SendAsync(Encoding.ASCII.GetBytes(Teapot));
            default:
                return call.EndAsync();
        }
    }

    /// <summary>The fields that the query names, and all fields of the answer as its body. The body tells its own length, so it is written until that is right.</summary>
    public static ValueTask ResponseHeaders(BinCall call)
    {
        call.Fields.Add(KnownHeader.ContentType, "application/json"u8);
        foreach (var (name, value) in call.Arguments)
            call.AddField(name, value);
        var own = call.Arguments.ToLookup(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase);
        var length = 0;
        while (true)
        {
            var body = RequestJson.Document(writer => WriteFields(writer, own, length));
            if (body.Length == length)
                return call.Exchange.SendAsync(body);
            length = body.Length;
        }
    }

    private static void WriteFields(Utf8JsonWriter writer, ILookup<string, string> own, int length)
    {
        var fields = new SortedDictionary<string, IEnumerable<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var group in own)
            fields[group.Key] = group;
        Prepend("Content-Length", length.ToString(CultureInfo.InvariantCulture));
        Prepend("Content-Type", "application/json");
        foreach (var (name, values) in fields)
        {
            var list = values.ToList();
            writer.WritePropertyName(name);
            if (list.Count > 1)
                writer.WriteStartArray();
            foreach (var value in list)
                writer.WriteStringValue(value);
            if (list.Count > 1)
                writer.WriteEndArray();
        }

        void Prepend(string name, string value)
        {
            var others = own[name];
            fields.Remove(name);
            fields[name] = others.Prepend(value);
        }
    }

    private static void WriteAccepted(Utf8JsonWriter writer)
    {
        writer.WriteString("message", "Client did not request a supported media type.");
        writer.WriteStartArray("accept");
        foreach (var type in (string[])["image/webp", "image/svg+xml", "image/jpeg", "image/png", "image/*"])
            writer.WriteStringValue(type);
        writer.WriteEndArray();
    }
}
