using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Gatehouse.Web.Tests.Examples;

public sealed class ExampleTests
{
    [Fact]
    public async Task The_lectures_application_greets_and_is_mended()
    {
        using var app = ExampleApp.Start("web-lecture");
        Assert.Equal("Hello, anonymous!", (await PageAsync(app.Client, "/")).QuerySelector("p")!.TextContent);
        foreach (var payload in Payloads.All)
        {
            var page = await PageAsync(app.Client, "/?name=" + Uri.EscapeDataString(payload));
            Assert.Equal($"Hello, {payload}!", page.QuerySelector("p")!.TextContent);
            Assert.Equal(["BODY", "HEAD", "HTML", "META", "META", "P", "TITLE"], page.All.Select(element => element.TagName).Order());
        }
        var stopped = app.Stop();
        Assert.Equal(0, stopped.ExitCode);
        Assert.Contains("stopped", stopped.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_api_keeps_books()
    {
        using var app = ExampleApp.Start("web-api");
        var client = app.Client;
        Assert.Equal("[]", await (await client.GetAsync("/books")).TextAsync());
        var made = await client.PostJsonAsync("/books", """{"title":"Dune","pages":412}""");
        Assert.Equal("""{"id":1,"title":"Dune","pages":412,"author":null}""", await made.TextAsync(HttpStatusCode.Created));
        Assert.Equal("/books/1", made.Headers.Location?.OriginalString);
        Assert.Equal("""{"id":1,"title":"Dune","pages":412,"author":null}""", await (await client.GetAsync("/books/1")).TextAsync());
        Assert.Equal(["pages", "title"], (await (await client.PostJsonAsync("/books", """{"title":"","pages":0}""")).ErrorsAsync()).Keys.Order());
        Assert.Equal(["size"], (await (await client.GetAsync("/books?size=101")).ErrorsAsync()).Keys);
        await (await client.GetAsync("/books/2")).TextAsync(HttpStatusCode.NotFound);
        Assert.Equal("", await (await client.DeleteAsync("/books/1")).TextAsync(HttpStatusCode.NoContent));
        await (await client.DeleteAsync("/books/1")).TextAsync(HttpStatusCode.NotFound);
        await (await client.SendAsync("PATCH", "/books/1")).TextAsync(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task The_todo_list_is_kept_for_who_signed_in()
    {
        using var app = ExampleApp.Start("web-todo");
        using var ann = app.NewBrowser();
        var page = await SignInAsync(ann, "ann", "correct horse");
        Assert.Equal("Welcome, ann!", page.QuerySelector("[role=status]")!.TextContent);
        Assert.Null((await PageAsync(ann, "/todos")).QuerySelector("[role=status]"));

        page = await SubmitAsync(ann, page, "/todos", HttpStatusCode.UnprocessableEntity, ("title", ""), ("due", "tomorrow"));
        Assert.Equal(["expected a date like 2026-01-31, or nothing; found 'tomorrow'"], page.QuerySelectorAll(".error").Select(error => error.TextContent).Where(text => text.Length > 0));
        Assert.Equal("tomorrow", page.QuerySelector("input[name=due]")!.GetAttribute("value"));
        page = await SubmitAsync(ann, page, "/todos", HttpStatusCode.UnprocessableEntity, ("title", ""), ("due", ""));
        Assert.Equal(["Say what is to be done."], page.QuerySelectorAll(".error").Select(error => error.TextContent).Where(text => text.Length > 0));

        page = await SubmitAsync(ann, page, "/todos", HttpStatusCode.OK, ("title", "Buy milk"), ("due", "2026-12-01"));
        Assert.Equal("Buy milk", page.QuerySelector(".title")!.TextContent);
        Assert.Equal("2026-12-01", page.QuerySelector("time")!.TextContent);
        page = await SubmitAsync(ann, page, "/todos/1/done", HttpStatusCode.OK);
        Assert.NotNull(page.QuerySelector(".title.done"));

        // Another user has another list, and may not touch this one.
        using var bob = app.NewBrowser();
        var his = await SignInAsync(bob, "bob", "battery staple");
        Assert.Null(his.QuerySelector(".title"));
        await SubmitAsync(bob, his, "/todos/1/delete", HttpStatusCode.NotFound);
        using var eve = app.NewBrowser();
        var refused = await SubmitAsync(eve, await PageAsync(eve, "/session"), "/session", HttpStatusCode.UnprocessableEntity, ("name", "ann"), ("password", "wrong horse"));
        Assert.Contains("do not belong together", refused.Body!.TextContent, StringComparison.Ordinal);

        // A form of another site has no token.
        await (await ann.PostFormAsync("/todos", ("title", "forged"))).TextAsync(HttpStatusCode.Forbidden);
        page = await SubmitAsync(ann, await PageAsync(ann, "/todos"), "/todos/1/delete", HttpStatusCode.OK);
        Assert.Null(page.QuerySelector(".title"));
        page = await SubmitAsync(ann, page, "/session/end", HttpStatusCode.OK);
        Assert.Equal("Sign in", page.QuerySelector("h1")!.TextContent);
        Assert.Equal("Sign in", (await PageAsync(ann, "/todos")).QuerySelector("h1")!.TextContent);
    }

    [Fact]
    public async Task No_payload_gets_through_the_todo_lists_inputs()
    {
        using var app = ExampleApp.Start("web-todo");
        using var ann = app.NewBrowser();
        var page = await SignInAsync(ann, "<b>ann</b>", "correct horse");
        foreach (var payload in Payloads.All)
            page = await SubmitAsync(ann, page, "/todos", HttpStatusCode.OK, ("title", payload));
        Assert.Equal(Payloads.All, page.QuerySelectorAll(".title").Select(title => title.TextContent));
        Assert.Empty(Payloads.Dangers(page).Except(page.QuerySelectorAll("head > meta, head > style").Select(own => own.OuterHtml)));
        foreach (var payload in Payloads.All)
        {
            page = await SubmitAsync(ann, page, "/todos", HttpStatusCode.UnprocessableEntity, ("title", ""), ("due", payload));
            Assert.Equal(payload.ReplaceLineEndings("\n").Replace("\n", "", StringComparison.Ordinal), page.QuerySelector("input[name=due]")!.GetAttribute("value")!.ReplaceLineEndings("\n").Replace("\n", "", StringComparison.Ordinal));
            Assert.Empty(Payloads.Dangers(page).Except(page.QuerySelectorAll("head > meta, head > style").Select(own => own.OuterHtml)));
        }
        // Where to return to after signing in is a path of this site, whatever the form says.
        using var other = app.NewBrowser();
        var form = await PageAsync(other, "/session?return=//evil.example/");
        var landed = await SubmitAsync(other, form, "/session", HttpStatusCode.OK, ("name", "carl"), ("password", "correct horse"), ("return", "//evil.example/"));
        Assert.Equal("To do", landed.QuerySelector("h1")!.TextContent);
    }

    private static async Task<IDocument> SignInAsync(HttpClient client, string name, string password)
    {
        var form = await PageAsync(client, "/todos");
        Assert.Equal("Sign in", form.QuerySelector("h1")!.TextContent);
        return await SubmitAsync(client, form, "/session", HttpStatusCode.OK, ("name", name), ("password", password));
    }

    private static async Task<IDocument> SubmitAsync(HttpClient client, IDocument page, string action, HttpStatusCode status, params (string, string)[] fields)
    {
        var token = page.QuerySelector("input[name=_csrf]")!.GetAttribute("value")!;
        return new HtmlParser().ParseDocument(await (await client.PostFormAsync(action, [.. fields, ("_csrf", token)])).TextAsync(status));
    }

    private static async Task<IDocument> PageAsync(HttpClient client, string path) => new HtmlParser().ParseDocument(await (await client.GetAsync(path)).TextAsync());
}
