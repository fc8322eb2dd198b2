using System.Text.RegularExpressions;

namespace Gatehouse.HttpBin.Endpoints;

/// <summary>Answers for caches and conditional requests. Entity tags stand without quotes, as in the original.</summary>
internal static partial class Caches
{
    public static ValueTask Conditional(BinCall call)
    {
        if (!string.IsNullOrEmpty(call.Header("If-Modified-Since")) || !string.IsNullOrEmpty(call.Header("If-None-Match")))
            return Statuses.EndAsync(call, 304);
        call.SetField("Last-Modified", DateTime.UtcNow.ToString("R"));
        call.SetField("ETag", Guid.NewGuid().ToString("N"));
        return Echoes.Get(call);
    }

    public static ValueTask MaxAge(BinCall call)
    {
        call.SetField("Cache-Control", $"public, max-age={call.Number("seconds")}");
        return Echoes.Get(call);
    }

    public static ValueTask EntityTag(BinCall call)
    {
        var tag = call.Values["etag"];
        var noneMatch = Tags(call.Header("If-None-Match"));
        var match = Tags(call.Header("If-Match"));
        if (noneMatch.Count > 0 && (noneMatch.Contains(tag) || noneMatch.Contains("*")))
        {
            call.SetField("ETag", tag);
            return Statuses.EndAsync(call, 304);
        }
        if (noneMatch.Count == 0 && match.Count > 0 && !match.Contains(tag) && !match.Contains("*"))
            return Statuses.EndAsync(call, 412);
        call.SetField("ETag", tag);
        return Echoes.Get(call);
    }

    private static List<string> Tags(string? field) =>
        string.IsNullOrEmpty(field) ? [] : [.. field.Split(',').Select(part => Tag().Match(part)).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("""\s*(?:W/)?"?([^"]*)"?\s*""")]
    private static partial Regex Tag();
}
