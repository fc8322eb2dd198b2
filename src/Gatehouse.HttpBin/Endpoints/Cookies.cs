using System.Buffers;
using System.Text;
using Gatehouse.Http.Cookies;
using Gatehouse.HttpBin.Requests;

namespace Gatehouse.HttpBin.Endpoints;

/// <summary>Cookies: shown, set, deleted. Values outside the syntax of cookies stand in quotes with octal escapes, as Python's libraries write and read them.</summary>
internal static class Cookies
{
    private static readonly SearchValues<char> PlainText =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_!#%&'~`><@:/$*+-.^|)(?}{=");

    // Set by the analytics that the original's own site had; shown with ?show_env only.
    private static readonly string[] Environmental =
    [
        "_gauges_unique", "_gauges_unique_year", "_gauges_unique_month", "_gauges_unique_day", "_gauges_unique_hour", "__utmz", "__utma", "__utmb",
    ];

    public static ValueTask Show(BinCall call)
    {
        var hides = call.Arguments.All(pair => pair.Key != "show_env");
        var cookies = All(call).Where(cookie => !hides || !Environmental.Contains(cookie.Key));
        return call.SendJsonAsync(RequestJson.Document(writer =>
        {
            writer.WritePropertyName("cookies");
            RequestJson.WritePairs(writer, cookies);
        }));
    }

    public static ValueTask Set(BinCall call)
    {
        foreach (var (name, value) in call.Arguments.DistinctBy(pair => pair.Key))
            Add(call, name, value);
        return call.RedirectAsync(call.Prefix + "/cookies");
    }

    public static ValueTask SetOne(BinCall call)
    {
        Add(call, call.Values["name"], call.Values["value"]);
        return call.RedirectAsync(call.Prefix + "/cookies");
    }

    public static ValueTask Delete(BinCall call)
    {
        foreach (var name in call.Arguments.Select(pair => pair.Key).Distinct())
            call.AddField("Set-Cookie", $"{name}=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/");
        return call.RedirectAsync(call.Prefix + "/cookies");
    }

    /// <summary>Has the client set a cookie.</summary>
    public static void Add(BinCall call, string name, string value) =>
        call.AddField("Set-Cookie", $"{name}={Quoted(value)};{(call.Exchange.Request.IsSecure ? " Secure;" : "")} Path=/");

    /// <summary>The value of a cookie of the request; null without it.</summary>
    public static string? Find(BinCall call, string name) => All(call).GetValueOrDefault(name);

    private static Dictionary<string, string> All(BinCall call)
    {
        var cookies = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var cookie in new RequestCookies(call.Exchange.Request.Headers))
            cookies.TryAdd(Encoding.UTF8.GetString(cookie.Name), Unquoted(cookie.Value));
        return cookies;
    }

    private static string Quoted(string value)
    {
        if (!value.AsSpan().ContainsAnyExcept(PlainText))
            return value;
        var quoted = new StringBuilder("\"");
        foreach (var b in Encoding.UTF8.GetBytes(value))
        {
            if (b is (byte)'"' or (byte)'\\')
                quoted.Append('\\').Append((char)b);
            else if (b == ' ' || PlainText.Contains((char)b))
                quoted.Append((char)b);
            else
                quoted.Append('\\').Append(Convert.ToString(b, 8).PadLeft(3, '0'));
        }
        return quoted.Append('"').ToString();
    }

    private static string Unquoted(ReadOnlySpan<byte> value)
    {
        if (value is not [(byte)'"', .., (byte)'"'])
            return Encoding.UTF8.GetString(value);
        value = value[1..^1];
        var bytes = new List<byte>(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '\\' || i + 1 == value.Length)
            {
                bytes.Add(value[i]);
            }
            else if (i + 3 < value.Length && value[i + 1] is >= (byte)'0' and <= (byte)'3' && IsOctal(value[i + 2]) && IsOctal(value[i + 3]))
            {
                bytes.Add((byte)(((value[i + 1] - '0') << 6) | ((value[i + 2] - '0') << 3) | (value[i + 3] - '0')));
                i += 3;
            }
            else
            {
                bytes.Add(value[++i]);
            }
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static bool IsOctal(byte b) => b is >= (byte)'0' and <= (byte)'7';
}
