namespace Gatehouse.Http.Urls;

/// <summary>The special schemes and their default ports (WHATWG URL standard, section 4.2).</summary>
internal static class UrlScheme
{
    public static bool IsSpecial(string scheme) => scheme is "file" || DefaultPort(scheme) is not null;

    public static int? DefaultPort(string scheme) => scheme switch
    {
        "http" or "ws" => 80,
        "https" or "wss" => 443,
        "ftp" => 21,
        _ => null,
    };
}
