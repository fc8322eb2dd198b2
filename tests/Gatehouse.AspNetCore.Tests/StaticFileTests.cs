using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.AspNetCore.Tests;

/// <summary>Static files, which go out by SendFileAsync.</summary>
public sealed class StaticFileTests
{
    public static TheoryData<ServerKind> Kinds => TestApplication.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Files_ranges_and_conditions(ServerKind kind)
    {
        await using var app = await TestApplication.StartAsync(kind, app => app.UseStaticFiles());
        var content = new byte[3_000_000];
        Random.Shared.NextBytes(content);
        app.WriteFile("big.bin", content);
        app.WriteFile("empty.txt", []);
        app.WriteFile("page.html", "<p>hello"u8);

        Assert.Equal(content, await app.Client.GetByteArrayAsync("/big.bin"));
        var page = await app.Client.GetAsync("/page.html");
        Assert.Equal("<p>hello", await page.Content.ReadAsStringAsync());
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Equal(0, (await app.Client.GetAsync("/empty.txt")).Content.Headers.ContentLength);

        using var part = new HttpRequestMessage(HttpMethod.Get, "/big.bin");
        part.Headers.Range = new RangeHeaderValue(1000, 2_000_999);
        var partial = await app.Client.SendAsync(part);
        Assert.Equal(HttpStatusCode.PartialContent, partial.StatusCode);
        Assert.Equal(content[1000..2_001_000], await partial.Content.ReadAsByteArrayAsync());

        using var conditional = new HttpRequestMessage(HttpMethod.Get, "/page.html");
        conditional.Headers.IfNoneMatch.Add(page.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await app.Client.SendAsync(conditional)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync("/none.html")).StatusCode);
        using var head = new HttpRequestMessage(HttpMethod.Head, "/big.bin");
        Assert.Equal(content.Length, (await app.Client.SendAsync(head)).Content.Headers.ContentLength);
        Assert.Empty(app.Log.Errors);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_file_between_what_is_written(ServerKind kind)
    {
        string? file = null;
        await using var app = await TestApplication.StartAsync(kind, app => app.MapGet("/", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("before ");
            await context.Response.SendFileAsync(file!, 4, 6);
            await context.Response.WriteAsync(" behind");
        }));
        file = app.WriteFile("part.txt", "...>inside<..."u8);
        Assert.Equal("before inside behind", await app.Client.GetStringAsync("/"));
    }
}
