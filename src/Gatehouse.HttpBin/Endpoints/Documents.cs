using System.Globalization;
using System.Text;
using Gatehouse.HttpBin.Pages;

namespace Gatehouse.HttpBin.Endpoints;

/// <summary>Documents of several types.</summary>
internal static class Documents
{
    private const int MaxLinks = 200;

    private const string RobotRules = "User-agent: *\nDisallow: /deny\n";

    private const string Forbidden = """
           ___________
          |  |  |  |  |
          |  |  |  |  |     This gate is closed
          |--|--o--|--|     to robots that can
          |  |  |  |  |     read.
          |__|__|__|__|

        """;

    public static ValueTask Index(BinCall call) => call.SendHtmlAsync(IndexPage.Render(call.Prefix));

    public static ValueTask Html(BinCall call) => call.SendAsync("text/html; charset=utf-8", Images.Asset("page.html"));

    public static ValueTask Json(BinCall call) => call.SendJsonAsync(Images.Asset("slides.json"));

    public static ValueTask Xml(BinCall call) => call.SendAsync("application/xml", Images.Asset("slides.xml"));

    public static ValueTask Utf8(BinCall call) => call.SendAsync("text/html; charset=utf-8", Images.Asset("utf8.html"));

    public static ValueTask Form(BinCall call) =>
        call.SendHtmlAsync(Encoding.UTF8.GetString(Images.Asset("form.html")).Replace("{{prefix}}", BinCall.Html(call.Prefix), StringComparison.Ordinal));

    public static ValueTask Robots(BinCall call) => call.SendAsync("text/plain", Encoding.ASCII.GetBytes(RobotRules));

    public static ValueTask Deny(BinCall call) => call.SendAsync("text/plain", Encoding.ASCII.GetBytes(Forbidden));

    public static ValueTask Links(BinCall call) =>
        call.RedirectAsync(string.Create(CultureInfo.InvariantCulture, $"{call.Prefix}/links/{call.Number("n")}/0"));

    public static ValueTask LinkPage(BinCall call)
    {
        var count = Math.Clamp(call.Number("n"), 1, MaxLinks);
        var here = call.Number("offset");
        var html = new StringBuilder("<html><head><title>Links</title></head><body>");
        for (var i = 0; i < count; i++)
        {
            if (i == here)
                html.Append(CultureInfo.InvariantCulture, $"{i} ");
            else
                html.Append(CultureInfo.InvariantCulture, $"<a href='{BinCall.Html(call.Prefix)}/links/{count}/{i}'>{i}</a> ");
        }
        return call.SendHtmlAsync(html.Append("</body></html>").ToString());
    }
}
