using AngleSharp.Html.Parser;
using CsCheck;

namespace Gatehouse.Web.Tests.Markup;

public sealed class HtmlPropertyTests
{
    // Characters with a meaning somewhere, and some without.
    private static readonly Gen<string> Text = Gen.Char["<>\"'`&=/\\!-;:#%{}()[] \tabjscriptonJSO\u00fc\u20ac\u2028"].Array[0, 24].Select(characters => new string(characters));

    [Fact]
    public void Whatever_a_value_is_the_page_has_the_elements_that_the_program_wrote() => Gen.Select(Text, Text, Text).Sample((text, attribute, url) =>
    {
        var page = Web.Html.Of($"<p title=\"{attribute}\" lang='{text}'>{text}<a href=\"{url}\">{attribute}</a><a href=\"/x/{url}?y={text}#{attribute}\"></a></p>");
        var document = new HtmlParser().ParseDocument(page.ToString());
        Assert.Equal(["A", "A", "P"], document.Body!.QuerySelectorAll("*").Select(element => element.TagName).Order());
        var p = document.QuerySelector("p")!;
        Assert.Equal(["lang", "title"], p.Attributes.Select(each => each.Name).Order());
        Assert.Equal((attribute, text), (p.GetAttribute("title"), p.GetAttribute("lang")));
        Assert.Equal(text + attribute, p.TextContent);
        var links = document.QuerySelectorAll("a");
        Assert.True(Payloads.IsHarmlessUrl(links[0].GetAttribute("href")!));
        Assert.StartsWith("/x/", links[1].GetAttribute("href"), StringComparison.Ordinal);
        Assert.All(links, link => Assert.Single(link.Attributes));
    }, iter: 2000);

    [Fact]
    public void A_part_of_a_url_comes_back_as_it_was() => Text.Sample(
        text =>
        {
            var href = new HtmlParser().ParseDocument(Web.Html.Of($"<a href=\"/a/{text}/b\">x</a>").ToString()).QuerySelector("a")!.GetAttribute("href")!;
            Assert.Equal(text, Uri.UnescapeDataString(href[3..^2]));
        }, iter: 2000);
}
