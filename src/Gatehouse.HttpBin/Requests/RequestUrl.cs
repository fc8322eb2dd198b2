using System.Buffers;
using System.Text;
using Gatehouse.Http.Urls;

namespace Gatehouse.HttpBin.Requests;

/// <summary>The URL of a request as the original shows it: what is safe to read stands decoded, all else percent-encoded.</summary>
internal static class RequestUrl
{
    private static readonly SearchValues<char> PathText =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,/:;=@");

    private static readonly SearchValues<char> QueryText =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$'()*+,;");

    public static string Of(BinCall call)
    {
        var request = call.Exchange.Request;
        var origin = call.Origin;
        var scheme = call.Header("X-Forwarded-Proto") ?? call.Header("X-Forwarded-Protocol") ?? (call.Header("X-Forwarded-Ssl") == "on" ? "https" : null);
        if (!string.IsNullOrEmpty(scheme))
            origin = scheme + origin[origin.IndexOf(':', StringComparison.Ordinal)..];
        var url = new StringBuilder(origin);
        AppendPath(url, request.Path);
        if (!request.Query.IsEmpty)
            AppendQuery(url.Append('?'), request.Query);
        return url.ToString();
    }

    // The path is decoded; it has no invalid UTF-8 and no control characters.
    private static void AppendPath(StringBuilder url, ReadOnlySpan<byte> path)
    {
        foreach (var c in Encoding.UTF8.GetString(path))
        {
            if (c > 127 || PathText.Contains(c))
                url.Append(c);
            else
                url.Append($"%{(int)c:X2}");
        }
    }

    private static void AppendQuery(StringBuilder url, ReadOnlySpan<byte> query)
    {
        var bytes = new byte[query.Length];
        for (var i = 0; i < query.Length;)
        {
            // A run of escapes that are UTF-8 outside ASCII, or one that needs no escape, is text; anything else stays as it was sent.
            var start = i;
            var length = 0;
            while (i < query.Length && TryReadEscape(query[i..], out var value) && value > 127)
            {
                bytes[length++] = value;
                i += 3;
            }
            if (length > 0)
            {
                var run = bytes.AsSpan(0, length);
                url.Append(System.Text.Unicode.Utf8.IsValid(run) ? Encoding.UTF8.GetString(run) : Encoding.ASCII.GetString(query[start..i]));
                continue;
            }
            if (TryReadEscape(query[i..], out var escaped) && QueryText.Contains((char)escaped))
            {
                url.Append((char)escaped);
                i += 3;
                continue;
            }
            url.Append((char)query[i++]);
        }
    }

    private static bool TryReadEscape(ReadOnlySpan<byte> text, out byte value)
    {
        Span<byte> one = stackalloc byte[3];
        value = 0;
        if (text.Length < 3 || text[0] != '%' || PercentEncoding.Decode(text[..3], one) != 1)
            return false;
        value = one[0];
        return true;
    }
}
