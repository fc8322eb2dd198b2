using System.Net;
using Microsoft.AspNetCore.Builder;
using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.AspNetCore.Tests;

/// <summary>Applications that fail, and what their clients and neighbours see.</summary>
public sealed class FailureTests
{
    public static TheoryData<ServerKind> Kinds => TestApplication.Kinds;

    public static TheoryData<ServerKind> OurKinds => TestApplication.OurKinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_is_thrown_before_the_answer_is_a_500(ServerKind kind)
    {
        await using var app = await TestApplication.StartAsync(kind, app =>
        {
            app.MapGet("/at-once", (HttpContext context) =>
            {
                context.Response.Headers["X-Lost"] = "yes";
                context.Response.StatusCode = 201;
                throw new InvalidOperationException("at once");
            });
            app.MapGet("/later", async (HttpContext context) =>
            {
                // Kestrel sends it in front of the answer.
                if (kind != ServerKind.Kestrel)
                    context.Response.BodyWriter.Write("unflushed"u8);
                await Task.Yield();
                throw new InvalidOperationException("later");
            });
            app.MapGet("/starting", (HttpContext context) => context.Response.OnStarting(() => throw new InvalidOperationException("starting")));
            app.MapGet("/fine", () => "fine");
        });
        using var client = app.Connect();
        foreach (var path in new[] { "/at-once", "/later", "/starting" })
        {
            client.Send($"GET {path} HTTP/1.1\r\nHost: h\r\n\r\n");
            var answer = client.ReadResponse();
            Assert.Equal(500, answer.Status);
            Assert.Equal("", answer.Text);
            Assert.Null(answer["X-Lost"]);
            client.Send("GET /fine HTTP/1.1\r\nHost: h\r\n\r\n");
            Assert.Equal("fine", client.ReadResponse().Text);
        }
        Assert.Equal(3, app.Log.Errors.Count());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_is_thrown_inside_the_answer_cuts_it_off(ServerKind kind)
    {
        await using var app = await TestApplication.StartAsync(kind, app => app.MapGet("/{length:bool}", async (HttpContext context, bool length) =>
        {
            if (length)
                context.Response.ContentLength = 100;
            await context.Response.WriteAsync("half of it");
            await context.Response.Body.FlushAsync();
            throw new InvalidOperationException("inside");
        }));
        foreach (var path in new[] { "/true", "/false" })
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => app.Client.GetStringAsync(path));
        Assert.Equal(2, app.Log.Errors.Count());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Lengths_that_are_not_kept(ServerKind kind)
    {
        await using var app = await TestApplication.StartAsync(kind, app =>
        {
            app.MapGet("/short", (HttpContext context) =>
            {
                context.Response.ContentLength = 10;
                context.Response.BodyWriter.Write("12345"u8);
            });
            app.MapGet("/long", (HttpContext context) =>
            {
                context.Response.ContentLength = 3;
                return context.Response.WriteAsync("12345");
            });
            app.MapGet("/none", (HttpContext context) =>
            {
                context.Response.StatusCode = 204;
                return context.Response.WriteAsync("12345");
            });
        });
        foreach (var path in new[] { "/short", "/long", "/none" })
        {
            // Where nothing has been sent it is a 500, else the connection ends: never an answer that passes for whole.
            HttpStatusCode? status = null;
            try
            {
                var answer = await app.Client.GetAsync(path);
                status = answer.StatusCode;
                Assert.NotEqual("12345", await answer.Content.ReadAsStringAsync());
            }
            catch (HttpRequestException)
            {
            }
            Assert.True(status is null or HttpStatusCode.InternalServerError or HttpStatusCode.NoContent, $"{path}: {status}");
        }
        Assert.NotEmpty(app.Log.Errors);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_is_written_behind_the_end_reaches_nobody(ServerKind kind)
    {
        Exception? failure = null;
        Stream? kept = null;
        await using var app = await TestApplication.StartAsync(kind, app =>
        {
            app.MapGet("/keep", (HttpContext context) =>
            {
                kept = context.Response.Body;
                return context.Response.WriteAsync("kept");
            });
            app.MapGet("/end", async (HttpContext context) =>
            {
                await context.Response.WriteAsync("all");
                await context.Response.CompleteAsync();
                failure = await Record.ExceptionAsync(() => context.Response.WriteAsync("more"));
            });
        });
        using var client = app.Connect();
        client.Send("GET /keep HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.Equal("kept", client.ReadResponse().Text);
        await Assert.ThrowsAnyAsync<InvalidOperationException>(async () =>
        {
            // The answer is with the client a moment before the request has ended for the server.
            for (var i = 0; i < 1000; i++)
            {
                kept!.WriteByte(1);
                await Task.Delay(1);
            }
        });
        client.Send("GET /end HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.Equal("all", client.ReadResponse().Text);
        client.Send("GET /end HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.Equal("all", client.ReadResponse().Text);
        Assert.IsType<InvalidOperationException>(failure, exactMatch: false);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Calls_that_block_are_refused_unless_allowed(ServerKind kind)
    {
        await using var app = await TestApplication.StartAsync(kind, app => app.MapPost("/", (HttpContext context) =>
        {
            Assert.Throws<InvalidOperationException>(() => context.Request.Body.ReadByte());
            Assert.Throws<InvalidOperationException>(() => context.Response.Body.Write("x"u8));
            Assert.Throws<InvalidOperationException>(() => context.Response.Body.Flush());
            return "refused";
        }));
        Assert.Equal("refused", await (await app.Client.PostAsync("/", new StringContent("x"))).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Calls_that_block_work_on_the_pool_where_allowed_and_are_refused_on_a_reactor()
    {
        await using var app = await TestApplication.StartAsync(ServerKind.Pool, Blocking);
        using var client = app.Connect();
        client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbo");
        await Task.Delay(50, TestContext.Current.CancellationToken);
        client.Send("dy");
        Assert.Equal("body", client.ReadResponse().Text);

        await using var inline = await TestApplication.StartAsync(ServerKind.Inline, Blocking);
        Assert.Equal(HttpStatusCode.InternalServerError, (await inline.Client.PostAsync("/", new StringContent("body"))).StatusCode);
        Assert.Contains("reactor", Assert.Single(inline.Log.Errors), StringComparison.Ordinal);

        static void Blocking(WebApplication app) => app.MapPost("/", (HttpContext context) =>
        {
            context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpBodyControlFeature>()!.AllowSynchronousIO = true;
            using var reader = new StreamReader(context.Request.Body);
            context.Response.Body.Write(System.Text.Encoding.ASCII.GetBytes(reader.ReadToEnd()));
            context.Response.Body.Flush();
        });
    }

    [Fact]
    public async Task A_handler_that_blocks_the_pool_holds_up_nobody_else()
    {
        using var goOn = new ManualResetEventSlim();
        await using var app = await TestApplication.StartAsync(ServerKind.Pool, app =>
        {
            app.MapGet("/block", () => goOn.Wait(TimeSpan.FromSeconds(30)) ? "released" : "late");
            app.MapGet("/fine", () => "fine");
        });
        var blocked = Enumerable.Range(0, 4).Select(_ => app.Client.GetStringAsync("/block")).ToArray();
        for (var i = 0; i < 20; i++)
            Assert.Equal("fine", await app.Client.GetStringAsync("/fine"));
        goOn.Set();
        Assert.All(await Task.WhenAll(blocked), text => Assert.Equal("released", text));
    }

    [Theory]
    [MemberData(nameof(OurKinds))]
    public async Task Fields_that_would_split_an_answer_are_refused(ServerKind kind)
    {
        await using var app = await TestApplication.StartAsync(kind, app => app.MapGet("/", (HttpContext context) =>
        {
            Assert.Throws<InvalidOperationException>(() => context.Response.Headers["X-A"] = "a\r\nX-B: b");
            Assert.Throws<InvalidOperationException>(() => context.Response.Headers["X-A\r\nX-B"] = "a");
            Assert.Throws<InvalidOperationException>(() => context.Response.Headers.Location = "/ä");
            return context.Response.Headers.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }));
        Assert.Equal("0", await app.Client.GetStringAsync("/"));
    }
}
