using AngleSharp.Dom;

namespace Gatehouse.Web.Tests;

/// <summary>What tries to become code: the usual shapes, and polyglots that try several places at once.</summary>
internal static class Payloads
{
    private static readonly string[] UrlAttributes = ["href", "src", "action", "formaction", "xlink:href", "data", "poster", "background"];

    public static IReadOnlyList<string> All { get; } =
    [
        "<script>alert(1)</script>",
        "\"><script>alert(1)</script>",
        "'><script>alert(1)</script>",
        "</title><script>alert(1)</script>",
        "</textarea><script>alert(1)</script>",
        "--><script>alert(1)</script>",
        "]]><script>alert(1)</script>",
        "<ScRiPt/x>alert(1)</sCrIpT>",
        "<<script>alert(1)//<</script>",
        "<img src=x onerror=alert(1)>",
        "<img src=`x` onerror=alert(1)>",
        "<img/src=x/onerror=alert(1)>",
        "\" onmouseover=\"alert(1)",
        "' onmouseover='alert(1)",
        "\" autofocus onfocus=alert(1) x=\"",
        "` onmouseover=alert(1) `",
        "<svg onload=alert(1)>",
        "<svg><script>alert&#40;1)</script></svg>",
        "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<body onload=alert(1)>",
        "<iframe src=javascript:alert(1)></iframe>",
        "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
        "<object data=javascript:alert(1)></object>",
        "<embed src=javascript:alert(1)>",
        "<a href=javascript:alert(1)>x</a>",
        "<a href=\"java&#x09;script:alert(1)\">x</a>",
        "<form action=javascript:alert(1)><input type=submit></form>",
        "<button formaction=javascript:alert(1)>x</button>",
        "<base href=javascript:alert(1)//>",
        "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
        "<link rel=stylesheet href=javascript:alert(1)>",
        "<style>@import 'javascript:alert(1)';</style>",
        "<details open ontoggle=alert(1)>",
        "<video><source onerror=alert(1)></video>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<template><script>alert(1)</script></template>",
        "<xss id=x tabindex=1 onfocus=alert(1)></xss>",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "java\tscript:alert(1)",
        "\u0001javascript:alert(1)",
        "javascript&colon;alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
        "vbscript:msgbox(1)",
        "//evil.example/%2f..",
        "{{constructor.constructor('alert(1)')()}}",
        "{{ 7 | times: 7 }}{% raw %}",
        "${alert(1)}",
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "\\x3cscript\\x3ealert(1)\\x3c/script\\x3e",
        "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
        "\u2028alert(1)\u2029",
        "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert() )//%0D%0A%0d%0a//</stYle/</titLe/</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd=alert()//>\\x3e",
        "\">><marquee><img src=x onerror=confirm(1)></marquee>\"></plaintext\\></|\\><plaintext/onmouseover=prompt(1)>",
        "\"'-->]]>*/</script></style></title></textarea></noscript></template><script>alert(1)</script>",
    ];

    /// <summary>True for a URL that a browser would not run.</summary>
    public static bool IsHarmlessUrl(string url)
    {
        var seen = new string([.. url.TrimStart(Enumerable.Range(0, 33).Select(c => (char)c).ToArray()).Where(c => c is not ('\t' or '\n' or '\r'))]);
        return !seen.StartsWith("javascript:", StringComparison.OrdinalIgnoreCase) && !seen.StartsWith("vbscript:", StringComparison.OrdinalIgnoreCase)
            && !seen.StartsWith("data:", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What in a document could run: scripts, event handlers, frames with code, URLs that are code.</summary>
    public static IEnumerable<string> Dangers(IDocument document)
    {
        foreach (var element in document.All)
        {
            if (element.LocalName is "script" or "iframe" or "object" or "embed" or "base" or "meta" or "style" or "svg" or "math" && !element.HasAttribute("data-own"))
                yield return element.OuterHtml;
            foreach (var attribute in element.Attributes)
            {
                if (attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase) || attribute.Name is "style" or "srcdoc" || (UrlAttributes.Contains(attribute.Name) && !IsHarmlessUrl(attribute.Value)))
                    yield return element.OuterHtml;
            }
        }
    }
}
