using AngleSharp.Html.Parser;

namespace Gatehouse.Web.Tests.Markup;

public sealed class HtmlTests
{
    [Fact]
    public void Values_are_escaped_for_where_they_stand()
    {
        var text = "<b>\"O'Neil\" & ü</b>";
        Assert.Equal("<p>&lt;b&gt;&quot;O&#x27;Neil&quot; &amp; ü&lt;/b&gt;</p>", Web.Html.Of($"<p>{text}</p>").ToString());
        Assert.Equal("<p title=\"&lt;b&gt;&quot;O&#x27;Neil&quot; &amp; ü&lt;/b&gt;\" class='a'>x</p>", Web.Html.Of($"<p title=\"{text}\" class='{"a"}'>x</p>").ToString());
        Assert.Equal("<a href=\"/books/a%20b%2F..%2Fc?q=x%26y%3D1\">", Web.Html.Of($"<a href=\"/books/{"a b/../c"}?q={"x&y=1"}\">").ToString());
        Assert.Equal("<td>1.50</td>", Web.Html.Of($"<td>{1.5m:0.00}</td>").ToString());
        Assert.Equal("<td></td>", Web.Html.Of($"<td>{(string?)null}</td>").ToString());
    }

    [Theory]
    [InlineData("/path?x=1", "/path?x=1")]
    [InlineData("https://example.com/", "https://example.com/")]
    [InlineData("MAILTO:a@example.com", "MAILTO:a@example.com")]
    [InlineData("a/b:c", "a/b:c")]
    [InlineData("javascript:alert(1)", "about:invalid")]
    [InlineData("  JaVaScRiPt:alert(1)", "about:invalid")]
    [InlineData("java\tscript:alert(1)", "about:invalid")]
    [InlineData("\u0001javascript:alert(1)", "about:invalid")]
    [InlineData("data:text/html,<script>alert(1)</script>", "about:invalid")]
    [InlineData("vbscript:x", "about:invalid")]
    public void A_url_leads_nowhere_unless_it_is_harmless(string url, string expected)
    {
        var document = new HtmlParser().ParseDocument(Web.Html.Of($"<a href=\"{url}\">x</a>").ToString());
        Assert.Equal(expected, document.QuerySelector("a")!.GetAttribute("href"));
    }

    [Fact]
    public void Where_nothing_can_be_safe_is_refused()
    {
        var x = "x";
        Assert.Throws<HtmlException>(() => Web.Html.Of($"<script>var a = '{x}';</script>"));
        Assert.Throws<HtmlException>(() => Web.Html.Of($"<style>p {{ color: {x} }}</style>"));
        Assert.Throws<HtmlException>(() => Web.Html.Of($"<p onclick=\"go('{x}')\">"));
        Assert.Throws<HtmlException>(() => Web.Html.Of($"<p style=\"color:{x}\">"));
        Assert.Throws<HtmlException>(() => Web.Html.Of($"<p class={x}>"));
        Assert.Throws<HtmlException>(() => Web.Html.Of($"<p class=a{x}>"));
        Assert.Throws<HtmlException>(() => Web.Html.Of($"<{x}>"));
        Assert.Throws<HtmlException>(() => Web.Html.Of($"<p {x}=\"1\">"));
        Assert.Throws<HtmlException>(() => Web.Html.Of($"<h{x}>"));
        Assert.Throws<HtmlException>(() => Web.Html.Of($"<!-- {x} -->"));
        Assert.Throws<HtmlException>(() => Web.Html.Of($"<a href=\"javascript:go({x})\">"));
        Assert.Throws<HtmlException>(() => Web.Html.Of($"<p title=\"unfinished"));
        Assert.Throws<HtmlException>(() => Web.Html.Of($"<p title=\"{Web.Html.Of($"<b>")}\">"));
        Assert.Contains("'<p class='", Assert.Throws<HtmlException>(() => Web.Html.Of($"<p class={x}>")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_are_put_together()
    {
        var items = new[] { "a", "<b>" }.Select(item => Web.Html.Of($"<li>{item}</li>"));
        Assert.Equal("<ul><li>a</li><li>&lt;b&gt;</li></ul>", Web.Html.Of($"<ul>{items}</ul>").ToString());
        Assert.Equal("<input type=\"checkbox\" checked><input >", Web.Html.Of($"<input type=\"checkbox\" {Web.Html.Flag("checked", true)}><input {Web.Html.Flag("checked", false)}>").ToString());
        Assert.Throws<ArgumentException>(() => Web.Html.Flag("onclick=alert(1)", true));
        Assert.Throws<ArgumentException>(() => Web.Html.Flag("onfocus", true));
        // Behind a script that is whole, text is text again.
        Assert.Equal("<script>if (a < b) {}</script><p>&lt;</p>", Web.Html.Of($"<script>if (a < b) {{}}</script><p>{"<"}</p>").ToString());
        Assert.Equal("<textarea>&lt;/textarea&gt;</textarea>", Web.Html.Of($"<textarea>{"</textarea>"}</textarea>").ToString());
    }

    [Fact]
    public void No_payload_gets_out_of_its_place()
    {
        var parser = new HtmlParser();
        foreach (var payload in Payloads.All)
        {
            var page = Web.Html.Page($"<p id=\"text\">{payload}</p><p id=\"attribute\" title=\"{payload}\" lang='{payload}'></p><a id=\"url\" href=\"{payload}\">x</a><a id=\"part\" href=\"/a/{payload}?q={payload}\">x</a>", payload);
            var document = parser.ParseDocument(page.ToString());
            Assert.Equal(["A", "A", "BODY", "HEAD", "HTML", "META", "META", "P", "P", "TITLE"], document.All.Select(element => element.TagName).Order());
            Assert.Equal(payload, document.QuerySelector("#text")!.TextContent);
            Assert.Equal(payload, document.QuerySelector("#attribute")!.GetAttribute("title"));
            Assert.Equal(payload, document.QuerySelector("#attribute")!.GetAttribute("lang"));
            Assert.True(Payloads.IsHarmlessUrl(document.QuerySelector("#url")!.GetAttribute("href")!));
            Assert.StartsWith("/a/", document.QuerySelector("#part")!.GetAttribute("href"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Markup_of_others_is_made_harmless()
    {
        var parser = new HtmlParser();
        foreach (var payload in Payloads.All)
        {
            var document = parser.ParseDocument($"<body>{SafeHtml.Clean(payload)}</body>");
            Assert.Empty(Payloads.Dangers(document));
        }
        Assert.Equal("<p>Hello <b>there</b></p>", SafeHtml.Clean("<p onclick=\"x()\" style=\"position:fixed\">Hello <b>there</b><script>1</script></p>").ToString());
        Assert.Equal("<a href=\"https://example.com/\">x</a>", SafeHtml.Clean("<a href=\"https://example.com/\" id=\"x\">x</a>").ToString());
    }
}
