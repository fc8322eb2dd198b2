using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.AspNetCore.Tests;

/// <summary>Minimal APIs: what a developer writes first.</summary>
public sealed class MinimalApiTests
{
    public static TheoryData<ServerKind> Kinds => TestApplication.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Text_json_and_statuses(ServerKind kind)
    {
        await using var app = await TestApplication.StartAsync(kind, app =>
        {
            app.MapGet("/text", () => "Hello, World!");
            app.MapGet("/json", () => new { message = "Hello, World!" });
            app.MapGet("/hello/{name}", (string name, int? times) => string.Concat(Enumerable.Repeat(name, times ?? 1)));
            app.MapPost("/sum", (int[] numbers) => numbers.Sum());
            app.MapGet("/nothing", () => Results.NoContent());
            app.MapGet("/away", () => Results.Redirect("/text"));
        });
        var text = await app.Client.GetAsync("/text");
        Assert.Equal("Hello, World!", await text.Content.ReadAsStringAsync());
        Assert.Equal("text/plain; charset=utf-8", text.Content.Headers.ContentType!.ToString());
        Assert.NotNull(text.Headers.Date);
        Assert.Equal("""{"message":"Hello, World!"}""", await app.Client.GetStringAsync("/json"));
        Assert.Equal("äää", await app.Client.GetStringAsync("/hello/%C3%A4?times=3"));
        Assert.Equal("6", await (await app.Client.PostAsJsonAsync("/sum", new[] { 1, 2, 3 })).Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Client.GetAsync("/hello/x?times=many")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Client.PostAsync("/sum", new StringContent("[1,", Encoding.UTF8, "application/json"))).StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await app.Client.PostAsync("/sum", new StringContent("x"))).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Client.GetAsync("/nothing")).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await app.Client.DeleteAsync("/text")).StatusCode);
        var missing = await app.Client.GetAsync("/missing");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal("", await missing.Content.ReadAsStringAsync());
        Assert.Empty(app.Log.Errors);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_a_request_says_of_itself(ServerKind kind)
    {
        await using var app = await TestApplication.StartAsync(kind, app => app.Map("/{**rest}", (HttpContext context) => string.Join(
            "\n",
            context.Request.Method,
            context.Request.Path.Value,
            context.Request.QueryString.Value,
            context.Features.Get<IHttpRequestFeature>()!.RawTarget,
            context.Request.Protocol,
            context.Request.Scheme,
            context.Request.Host.Value,
            context.Request.Headers["X-One"].ToString(),
            context.Request.Headers["x-none"].Count,
            context.Request.Headers.UserAgent.ToString(),
            context.Request.ContentLength,
            context.Request.Headers.Count,
            context.Connection.RemoteIpAddress,
            context.Connection.LocalPort > 0,
            context.TraceIdentifier.Contains(':', StringComparison.Ordinal))));
        foreach (var target in new[] { "/", "/a/b?c=d&e", "/a%20b/%2Fc", "/a/./b/../c", "/x//y", "/%C3%A4?q=%20", "/a?", "/a/b/.." })
        {
            using var client = app.Connect();
            client.Send($"PROPFIND {target} HTTP/1.1\r\nHost: example.com:81\r\nx-one: 1\r\nX-ONE: 2\r\nUser-Agent: test\r\n\r\n");
            var decoded = target switch
            {
                "/a%20b/%2Fc" => "/a b/%2Fc",
                "/a/./b/../c" => "/a/c",
                "/%C3%A4?q=%20" => "/ä",
                "/a/b/.." => "/a/",
                _ => target.Split('?')[0],
            };
            // A query that is empty is one to both servers or to none; who asks for it gets nothing.
            var query = target is "/a?" ? client : null;
            var answer = client.ReadResponse().Text.Split('\n');
            Assert.Equal("PROPFIND", answer[0]);
            Assert.Equal(decoded, answer[1]);
            if (query is null)
                Assert.Equal(target.Contains('?', StringComparison.Ordinal) ? target[target.IndexOf('?', StringComparison.Ordinal)..] : "", answer[2]);
            Assert.Equal(target, answer[3]);
            Assert.Equal(["HTTP/1.1", "http", "example.com:81", "1,2", "0", "test", "", "3", "127.0.0.1", "True", "True"], answer[4..]);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Requests_of_one_connection_do_not_see_each_other(ServerKind kind)
    {
        await using var app = await TestApplication.StartAsync(kind, app =>
        {
            app.MapGet("/set", (HttpContext context) =>
            {
                context.Items["secret"] = "x";
                context.Response.Headers["X-Secret"] = "x";
                context.Request.Headers["X-Added"] = "x";
                context.Connection.RemoteIpAddress = IPAddress.Broadcast;
                context.Features.Set(new Marker());
                context.Response.StatusCode = 201;
                return "set";
            });
            app.MapGet("/look", (HttpContext context) =>
                $"{context.Items.Count} {context.Request.Headers["X-Added"].Count} {context.Features.Get<Marker>() is null} {context.Connection.RemoteIpAddress} {context.GetEndpoint()?.DisplayName}");
        });
        using var client = app.Connect();
        for (var i = 0; i < 3; i++)
        {
            client.Send("GET /set HTTP/1.1\r\nHost: h\r\n\r\n");
            var set = client.ReadResponse();
            Assert.Equal(201, set.Status);
            Assert.Equal("x", set["X-Secret"]);
            client.Send("GET /look HTTP/1.1\r\nHost: h\r\nX-A: 1\r\n\r\n");
            var look = client.ReadResponse();
            Assert.Equal(200, look.Status);
            Assert.Null(look["X-Secret"]);
            Assert.Equal("0 0 True 127.0.0.1 HTTP: GET /look", look.Text);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Pipelined_requests_are_answered_in_order(ServerKind kind)
    {
        await using var app = await TestApplication.StartAsync(kind, app => app.MapGet("/{n:int}", async (int n) =>
        {
            if (n % 3 == 0)
                await Task.Yield();
            return $"<{n}>";
        }));
        using var client = app.Connect();
        client.Send(string.Concat(Enumerable.Range(0, 100).Select(n => $"GET /{n} HTTP/1.1\r\nHost: h\r\n\r\n")));
        for (var n = 0; n < 100; n++)
            Assert.Equal($"<{n}>", client.ReadResponse().Text);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Head_has_the_length_and_no_body(ServerKind kind)
    {
        await using var app = await TestApplication.StartAsync(kind, app =>
        {
            app.MapMethods("/known", ["GET", "HEAD"], (HttpContext context) =>
            {
                context.Response.ContentLength = 5;
                return context.Response.WriteAsync("12345");
            });
            app.MapMethods("/unsent", ["HEAD"], (HttpContext context) => context.Response.ContentLength = 1234567);
        });
        using var client = app.Connect();
        client.Send("HEAD /known HTTP/1.1\r\nHost: h\r\n\r\nHEAD /unsent HTTP/1.1\r\nHost: h\r\n\r\nGET /known HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.Equal("5", client.ReadResponse(toHead: true)["Content-Length"]);
        Assert.Equal("1234567", client.ReadResponse(toHead: true)["Content-Length"]);
        Assert.Equal("12345", client.ReadResponse().Text);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Callbacks_run_before_the_head_and_behind_the_end(ServerKind kind)
    {
        var calls = new List<string>();
        var ended = new SemaphoreSlim(0);
        await using var app = await TestApplication.StartAsync(kind, app => app.MapGet("/", (HttpContext context) =>
        {
            context.Response.OnStarting(() =>
            {
                calls.Add("starting 1");
                context.Response.Headers["X-Late"] = "yes";
                return Task.CompletedTask;
            });
            context.Response.OnStarting(async () =>
            {
                await Task.Yield();
                calls.Add("starting 2");
            });
            context.Response.OnCompleted(() =>
            {
                calls.Add("completed 1");
                ended.Release();
                return Task.CompletedTask;
            });
            context.Response.OnCompleted(() =>
            {
                calls.Add("completed 2");
                return Task.CompletedTask;
            });
            calls.Add("handler");
        }));
        var answer = await app.Client.GetAsync("/");
        Assert.Equal("yes", Assert.Single(answer.Headers.GetValues("X-Late")));
        Assert.True(await ended.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(["handler", "starting 2", "starting 1", "completed 2", "completed 1"], calls);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_contexts_of_execution_are_a_requests_own(ServerKind kind)
    {
        var local = new AsyncLocal<string?>();
        await using var app = await TestApplication.StartAsync(kind, app => app.MapGet("/{n}", async (HttpContext context, string n) =>
        {
            var before = local.Value;
            local.Value = n;
            await Task.Yield();
            context.Response.OnCompleted(() => Task.CompletedTask);
            return $"{before ?? "nothing"} {local.Value}";
        }));
        using var client = app.Connect();
        for (var n = 0; n < 5; n++)
        {
            client.Send($"GET /{n} HTTP/1.1\r\nHost: h\r\n\r\n");
            Assert.Equal($"nothing {n}", client.ReadResponse().Text);
        }
    }

    private sealed class Marker;
}
