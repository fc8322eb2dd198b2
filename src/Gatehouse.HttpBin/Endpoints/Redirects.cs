using System.Globalization;
using Gatehouse.Http;

namespace Gatehouse.HttpBin.Endpoints;

/// <summary>Redirects.</summary>
internal static class Redirects
{
    public static ValueTask Times(BinCall call)
    {
        var isAbsolute = string.Equals(call.Arguments.FirstOrDefault(pair => pair.Key == "absolute").Value, "true", StringComparison.OrdinalIgnoreCase);
        return Next(call, isAbsolute, withPage: true);
    }

    public static ValueTask Relative(BinCall call) => Next(call, isAbsolute: false, withPage: false);

    public static ValueTask Absolute(BinCall call) => Next(call, isAbsolute: true, withPage: true);

    public static ValueTask To(BinCall call)
    {
        var url = call.Argument("url") ?? throw new BadRequestException("url: missing; expected where to redirect to");
        var status = call.IntArgument("status_code", 302);
        call.SetField("Location", url);
        call.Exchange.Response.Status = status is >= 300 and < 400 ? status : 302;
        return call.EndAsync();
    }

    private static ValueTask Next(BinCall call, bool isAbsolute, bool withPage)
    {
        var left = call.Number("n");
        if (left == 0)
            throw new BadRequestException("n: found 0, expected at least 1");
        var path = left == 1 ? "/get" : string.Create(CultureInfo.InvariantCulture, $"/{(isAbsolute ? "absolute" : "relative")}-redirect/{left - 1}");
        return call.RedirectAsync((isAbsolute ? call.Origin : "") + call.Prefix + path, withPage);
    }
}
