using System.Globalization;
using System.Net;
using System.Text;
using Gatehouse.Load.Results;

namespace Gatehouse.Load.Report;

/// <summary>A result as one page of HTML with plots in SVG; it needs nothing else.</summary>
public static class HtmlReport
{
    private const int Width = 760;
    private const int Height = 220;
    private const int Left = 70;
    private const int Bottom = 30;

    /// <summary>Writes the page.</summary>
    /// <param name="title">What was loaded.</param>
    /// <param name="results">A run, or its steps.</param>
    public static string Of(string title, IReadOnlyList<LoadResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var page = new StringBuilder($$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{{WebUtility.HtmlEncode(title)}}</title>
            <style>
            :root { color-scheme: light dark; }
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
            svg { width: 100%; height: auto; font: 12px system-ui, sans-serif; }
            svg text { fill: currentColor; }
            .axis { stroke: #8888; }
            pre { overflow: auto; border: 1px solid #8885; padding: .8rem; }
            </style>
            </head>
            <body>
            <h1>{{WebUtility.HtmlEncode(title)}}</h1>

            """);
        if (results.Count > 1)
            page.Append($"<pre>{WebUtility.HtmlEncode(ResultText.Steps(results))}</pre>\n");
        foreach (var result in results)
        {
            if (results.Count > 1)
                page.Append(CultureInfo.InvariantCulture, $"<h2>{result.AskedRate:0} requests/s</h2>\n");
            page.Append($"<pre>{WebUtility.HtmlEncode(ResultText.Of(result))}</pre>\n");
            var seconds = result.Series.Select(second => (double)second.Second + 1).ToList();
            Plot(page, "Answers each second", seconds, value => value.ToString("0", CultureInfo.InvariantCulture) + " s", value => value.ToString("0", CultureInfo.InvariantCulture), ("answers", "#2a78c5", [.. result.Series.Select(second => (double)second.Requests)]), ("errors", "#c53a2a", [.. result.Series.Select(second => (double)second.Errors)]));
            Plot(page, "Latency over time", seconds, value => value.ToString("0", CultureInfo.InvariantCulture) + " s", ResultText.Time, ("p50", "#2a78c5", [.. result.Series.Select(second => second.P50)]), ("p99", "#c5862a", [.. result.Series.Select(second => second.P99)]));
            // One nine more with each step to the right.
            var nines = Enumerable.Range(0, 41).Select(i => i / 10.0).ToList();
            Plot(page, "Distribution", nines, value => "p" + (100 * (1 - Math.Pow(10, -value))).ToString("0.####", CultureInfo.InvariantCulture), ResultText.Time, ("latency", "#2a78c5", [.. nines.Select(value => result.Latency.At(100 * (1 - Math.Pow(10, -value))))]));
        }
        return page.Append("</body>\n</html>\n").ToString();
    }

    private static void Plot(StringBuilder page, string title, List<double> xs, Func<double, string> xLabel, Func<double, string> yLabel, params (string Name, string Colour, double[] Ys)[] lines)
    {
        var top = Math.Max(1e-9, lines.Max(line => line.Ys.DefaultIfEmpty(0).Max()));
        var right = Math.Max(1e-9, xs.DefaultIfEmpty(1).Max());
        page.Append(CultureInfo.InvariantCulture, $"<h3>{title}</h3>\n<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{title}\">\n");
        page.Append(CultureInfo.InvariantCulture, $"<path class=\"axis\" fill=\"none\" d=\"M{Left} 10V{Height - Bottom}H{Width - 10}\"/>\n");
        for (var i = 0; i <= 4; i++)
        {
            page.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 6}\" y=\"{Y(top * i / 4) + 4:0.#}\" text-anchor=\"end\">{yLabel(top * i / 4)}</text>\n");
            page.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(right * i / 4):0.#}\" y=\"{Height - 8}\" text-anchor=\"middle\">{xLabel(right * i / 4)}</text>\n");
        }
        for (var i = 0; i < lines.Length; i++)
        {
            var points = string.Join(' ', xs.Zip(lines[i].Ys).Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.First):0.#},{Y(point.Second):0.#}")));
            page.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{lines[i].Colour}\" stroke-width=\"2\" points=\"{points}\"/>\n");
            page.Append(CultureInfo.InvariantCulture, $"<text x=\"{Width - 80}\" y=\"{20 + (i * 16)}\" style=\"fill:{lines[i].Colour}\">{lines[i].Name}</text>\n");
        }
        page.Append("</svg>\n");

        double X(double value) => Left + (value / right * (Width - Left - 20));
        double Y(double value) => Height - Bottom - (value / top * (Height - Bottom - 20));
    }
}
