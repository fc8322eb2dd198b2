using System.Net;
using AngleSharp.Html.Parser;
using Gatehouse.Testing;

namespace Gatehouse.Web.Tests.Pages;

public sealed class TemplateTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Layouts_sections_partials_and_filters()
    {
        Write("site.html", "<html><head><title>{{ title }}</title>{% yield head %}</head><body>{% body %}</body></html>");
        Write("book/show.html", "{% layout 'site' %}{% section head %}<link rel=x href={{ title }}>{% endsection %}<h1>{{ title | upcase }}</h1>{% for tag in tags %}{% render 'book/tag', tag: tag %}{% endfor %}{{ safe }}");
        Write("book/tag.html", "<b>{{ tag }}</b>");
        var templates = new Web.Templates(_folder.Path);
        var page = await templates.RenderAsync("book/show", new { Title = "A & <B>", Tags = new[] { "x", "<y>" }, Safe = Web.Html.Of($"<i>{"&"}</i>") });
        Assert.Equal(
            "<html><head><title>A &amp; &lt;B&gt;</title><link rel=x href=A &amp; &lt;B&gt;></head><body><h1>A &amp; &lt;B&gt;</h1><b>x</b><b>&lt;y&gt;</b><i>&amp;</i></body></html>",
            page.ToString());
    }

    [Fact]
    public async Task A_file_is_read_again_in_development_only()
    {
        Write("a.html", "one");
        var development = new Web.Templates(_folder.Path, isReloaded: true);
        var production = new Web.Templates(_folder.Path);
        Assert.Equal("one", (await development.RenderAsync("a")).ToString());
        Assert.Equal("one", (await production.RenderAsync("a")).ToString());
        Write("a.html", "two");
        File.SetLastWriteTimeUtc(Path.Combine(_folder.Path, "a.html"), DateTime.UtcNow.AddMinutes(1));
        Assert.Equal("two", (await development.RenderAsync("a")).ToString());
        Assert.Equal("one", (await production.RenderAsync("a")).ToString());
    }

    [Fact]
    public async Task Faults_name_file_and_line()
    {
        Write("broken.html", "fine\nfine\n{% if x %}\n never closed");
        Write("circle.html", "{% layout 'circle' %}");
        Write("lost.html", "{% render 'nowhere' %}");
        var templates = new Web.Templates(_folder.Path);
        var fault = await Assert.ThrowsAsync<TemplateException>(async () => await templates.RenderAsync("broken"));
        Assert.Matches(@"broken\.html: .*\(\d+:\d+\)", fault.Message);
        Assert.Contains("circle", (await Assert.ThrowsAsync<TemplateException>(async () => await templates.RenderAsync("circle"))).Message, StringComparison.Ordinal);
        Assert.Contains("lost.html", (await Assert.ThrowsAsync<TemplateException>(async () => await templates.RenderAsync("lost"))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<TemplateException>(async () => await templates.RenderAsync("none"));
        await Assert.ThrowsAsync<TemplateException>(async () => await templates.RenderAsync("../../etc/passwd"));
    }

    [Fact]
    public async Task No_payload_becomes_markup_or_template()
    {
        Write("page.html", "<p id=\"text\">{{ value }}</p><p id=\"attribute\" title=\"{{ value }}\"></p>");
        var templates = new Web.Templates(_folder.Path);
        var parser = new HtmlParser();
        foreach (var payload in Payloads.All)
        {
            var document = parser.ParseDocument((await templates.RenderAsync("page", new { Value = payload })).ToString());
            Assert.Equal(["BODY", "HEAD", "HTML", "P", "P"], document.All.Select(element => element.TagName).Order());
            Assert.Equal(payload, document.QuerySelector("#text")!.TextContent);
            Assert.Equal(payload, document.QuerySelector("#attribute")!.GetAttribute("title"));
        }
    }

    [Fact]
    public async Task A_page_of_an_application_has_a_policy_and_its_nonce()
    {
        Write("page.html", "<script nonce=\"{{ nonce }}\">1</script><p>{{ path }}</p>");
        var app = new App { Templates = new Web.Templates(_folder.Path) };
        app.Get("/with/{x}", () => Results.Template("page"));
        app.Get("/without", () => Web.Html.Page($"<p>x</p>"));
        app.Get("/broken", () => Results.Template("nowhere"));
        await using var client = new TestClient(app);
        var page = await client.GetAsync("/with/%3Cb%3E");
        var document = new HtmlParser().ParseDocument(await page.TextAsync());
        var nonce = document.QuerySelector("script")!.GetAttribute("nonce")!;
        Assert.Equal("/with/<b>", document.QuerySelector("p")!.TextContent);
        Assert.Contains($"script-src 'self' 'nonce-{nonce}'", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        var other = await client.GetAsync("/with/x");
        Assert.DoesNotContain(nonce, await other.TextAsync(), StringComparison.Ordinal);
        var plain = await client.GetAsync("/without");
        var policy = Assert.Single(plain.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("frame-ancestors 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("nonce", policy, StringComparison.Ordinal);
        Assert.Equal("strict-origin-when-cross-origin", Assert.Single(plain.Headers.GetValues("Referrer-Policy")));
        await (await client.GetAsync("/broken")).TextAsync(HttpStatusCode.InternalServerError);
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
