using System.Text;
using Gatehouse.HttpBin.Endpoints;
using Gatehouse.HttpBin.Routing;

namespace Gatehouse.HttpBin.Pages;

/// <summary>The page that lists the endpoints and lets a reader try them; made from the table of endpoints.</summary>
internal static class IndexPage
{
    public static string Render(string prefix)
    {
        var groups = new StringBuilder();
        foreach (var group in EndpointTable.All.GroupBy(endpoint => endpoint.Group))
        {
            groups.Append($"<section><h2>{BinCall.Html(group.Key)}</h2>\n<ul>\n");
            foreach (var endpoint in group)
            {
                groups.Append("<li><span class=methods>");
                foreach (var method in endpoint.Methods.Split(' '))
                    groups.Append($"<b>{method}</b> ");
                groups.Append($"</span><code>{BinCall.Html(prefix + endpoint.Template)}</code> <span>{BinCall.Html(endpoint.Summary)}</span></li>\n");
            }
            groups.Append("</ul></section>\n");
        }
        return Encoding.UTF8.GetString(Images.Asset("index.html"))
            .Replace("{{groups}}", groups.ToString(), StringComparison.Ordinal)
            .Replace("{{prefix}}", BinCall.Html(prefix), StringComparison.Ordinal);
    }
}
