using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Gatehouse.AspNetCore.Tests.Applications;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.AspNetCore.Tests;

/// <summary>MVC: controllers and Razor pages.</summary>
public sealed partial class MvcTests
{
    public static TheoryData<ServerKind> Kinds => TestApplication.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Controllers_bind_validate_and_answer(ServerKind kind)
    {
        await using var app = await TestApplication.StartAsync(kind, app => app.MapControllers(), builder => builder.Services.AddControllers());
        Assert.Equal(new Book("Seven!", 70), await app.Client.GetFromJsonAsync<Book>("/books/7?suffix=!"));
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync("/books/8")).StatusCode);
        var made = await app.Client.PostAsJsonAsync("/books", new Book("New", 10));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal("/books/7", made.Headers.Location!.AbsolutePath);
        var refused = await app.Client.PostAsJsonAsync("/books", new Book("", 0));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var problem = await refused.Content.ReadAsStringAsync();
        Assert.Contains("Title", problem, StringComparison.Ordinal);
        Assert.Contains("Pages", problem, StringComparison.Ordinal);
        using var form = new MultipartFormDataContent
        {
            { new StringContent("Ann"), "name" },
            { new StringContent(new string('x', 100_000)), "file", "cover.txt" },
        };
        Assert.Equal("Ann:cover.txt:" + new string('x', 100_000), await (await app.Client.PostAsync("/books/cover", form)).Content.ReadAsStringAsync());
        Assert.Empty(app.Log.Errors);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Razor_pages_render_and_take_forms(ServerKind kind)
    {
        await using var app = await TestApplication.StartAsync(kind, app => app.MapRazorPages(), builder => builder.Services.AddRazorPages());
        var page = await app.Client.GetAsync("/greeting/%3Cb%3EAnn");
        var html = await page.Content.ReadAsStringAsync();
        Assert.Contains("<h1>Hello, &lt;b&gt;Ann!</h1>", html, StringComparison.Ordinal);
        var token = TokenField().Match(html).Groups[1].Value;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["Note"] = "\"quoted\"", ["__RequestVerificationToken"] = token });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/greeting/Ann") { Content = form };
        request.Headers.Add("Cookie", page.Headers.GetValues("Set-Cookie").First().Split(';')[0]);
        var answer = await app.Client.SendAsync(request);
        Assert.Contains("value=\"&quot;quoted&quot;\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Client.PostAsync("/greeting/Ann", new FormUrlEncodedContent([]))).StatusCode);
        Assert.Empty(app.Log.Errors);
    }

    [GeneratedRegex("""name="__RequestVerificationToken" type="hidden" value="([^"]+)""")]
    private static partial Regex TokenField();
}
