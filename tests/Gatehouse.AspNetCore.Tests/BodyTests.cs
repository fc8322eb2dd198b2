using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Gatehouse.AspNetCore.Tests;

/// <summary>Bodies both ways: large ones, slow ones, their limits and what comes behind them.</summary>
public sealed class BodyTests
{
    private const int Large = 8 * 1024 * 1024;

    public static TheoryData<ServerKind> Kinds => TestApplication.Kinds;

    public static TheoryData<ServerKind> OurKinds => TestApplication.OurKinds;

    public static TheoryData<ServerKind, bool> KindsAndVersions
    {
        get
        {
            var ways = new TheoryData<ServerKind, bool>();
            foreach (var kind in Enum.GetValues<ServerKind>())
            {
                ways.Add(kind, false);
                ways.Add(kind, true);
            }
            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(KindsAndVersions))]
    public async Task Large_bodies_up_and_down(ServerKind kind, bool isSecure)
    {
        await using var app = await TestApplication.StartAsync(kind, isSecure, app =>
        {
            app.MapPost("/hash", async (Stream body) => Results.Text(Convert.ToHexString(await SHA256.HashDataAsync(body))));
            app.MapGet("/zeros", () => Results.Bytes(new byte[Large]));
            app.MapPost("/echo", (HttpContext context) => context.Request.BodyReader.CopyToAsync(context.Response.BodyWriter));
            app.MapPost("/stream", (HttpContext context) => context.Request.Body.CopyToAsync(context.Response.Body));
        });
        var content = new byte[Large];
        Random.Shared.NextBytes(content);
        var hash = await app.Client.PostAsync("/hash", new ByteArrayContent(content));
        Assert.Equal(Convert.ToHexString(SHA256.HashData(content)), await hash.Content.ReadAsStringAsync());
        // A client that does not read before it has sent everything gets no further than what lies between: windows, sockets.
        var part = content[..(isSecure ? 60_000 : 600_000)];
        foreach (var path in new[] { "/echo", "/stream" })
        {
            // Without a length: chunked.
            var echo = await app.Client.PostAsync(path, new StreamContent(new UnknownLength(part)));
            Assert.Equal(part, await echo.Content.ReadAsByteArrayAsync());
        }
        Assert.Equal(Large, (await app.Client.GetByteArrayAsync("/zeros")).Length);
        Assert.Empty(app.Log.Errors);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_client_that_does_not_read_holds_the_application_up(ServerKind kind)
    {
        long written = 0;
        await using var app = await TestApplication.StartAsync(kind, app => app.MapGet("/", async (HttpContext context) =>
        {
            var piece = new byte[64 * 1024];
            for (var i = 0; i < 512; i++)
            {
                await context.Response.Body.WriteAsync(piece);
                Interlocked.Add(ref written, piece.Length);
            }
        }));
        using var client = app.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        // It stops when socket buffers and pieces are full, and not before it has begun.
        long before;
        do
        {
            before = Interlocked.Read(ref written);
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
        while (before == 0 || before != Interlocked.Read(ref written));
        Assert.InRange(before, 1, 24 * 1024 * 1024);
        Assert.Equal(32 * 1024 * 1024, client.ReadResponse().Body.Length);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_flush_arrives_before_the_answer_ends(ServerKind kind)
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await TestApplication.StartAsync(kind, app => app.MapGet("/", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("first ");
            await goOn.Task;
            await context.Response.WriteAsync("second");
        }));
        using var client = app.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        client.ReadThrough("first "u8);
        goOn.SetResult();
        client.ReadThrough("second\r\n0\r\n\r\n"u8);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_small_answer_has_a_length_or_chunks(ServerKind kind)
    {
        await using var app = await TestApplication.StartAsync(kind, app => app.MapGet("/", async (HttpContext context) =>
        {
            for (var i = 0; i < 10; i++)
                await context.Response.WriteAsync($"{i}");
        }));
        for (var i = 0; i < 5; i++)
            Assert.Equal("0123456789", await app.Client.GetStringAsync("/"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Too_large_a_body_is_a_413(ServerKind kind)
    {
        await using var app = await TestApplication.StartAsync(kind, app =>
        {
            app.Use((context, next) =>
            {
                context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = context.Request.Path == "/none" ? null : 1000;
                return next(context);
            });
            app.MapPost("/{any}", async (HttpContext context) =>
            {
                Assert.False(context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.IsReadOnly);
                using var reader = new StreamReader(context.Request.Body);
                var text = await reader.ReadToEndAsync();
                Assert.True(context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.IsReadOnly);
                return text.Length;
            });
        });
        Assert.Equal("1000", await (await app.Client.PostAsync("/a", new ByteArrayContent(new byte[1000]))).Content.ReadAsStringAsync());
        using (var client = app.Connect())
        {
            client.Send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n");
            Assert.Equal(413, client.ReadResponse().Status);
        }
        using (var client = app.Connect())
        {
            client.Send($"POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n{new string('x', 2000)}\r\n0\r\n\r\n");
            Assert.Equal(413, client.ReadResponse().Status);
        }
        Assert.Equal("31000000", await (await app.Client.PostAsync("/none", new ByteArrayContent(new byte[31_000_000]))).Content.ReadAsStringAsync());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Expect_100_continue_is_answered_when_the_body_is_read(ServerKind kind)
    {
        await using var app = await TestApplication.StartAsync(kind, app =>
        {
            app.MapPost("/read", async (HttpContext context) =>
            {
                using var reader = new StreamReader(context.Request.Body);
                return await reader.ReadToEndAsync();
            });
            app.MapPost("/refuse", () => Results.StatusCode(403));
        });
        using var client = app.Connect();
        client.Send("POST /read HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", Encoding.ASCII.GetString(client.ReadThrough("\r\n\r\n"u8)));
        client.Send("body");
        Assert.Equal("body", client.ReadResponse().Text);
        client.Send("POST /refuse HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
        Assert.Equal(403, client.ReadResponse().Status);
    }

    [Theory]
    [MemberData(nameof(KindsAndVersions))]
    public async Task Trailers_both_ways(ServerKind kind, bool isSecure)
    {
        await using var app = await TestApplication.StartAsync(kind, isSecure, app => app.MapPost("/", async (HttpContext context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var text = await reader.ReadToEndAsync();
            await context.Response.WriteAsync(text + context.Request.GetTrailer("X-In"));
            if (context.Response.SupportsTrailers())
                context.Response.AppendTrailer("X-Sum", "42");
        }));
        if (isSecure)
        {
            var answer = await app.Client.PostAsync("/", new StringContent("abc"));
            Assert.Equal("abc", await answer.Content.ReadAsStringAsync());
            Assert.Equal("42", Assert.Single(answer.TrailingHeaders.GetValues("X-Sum")));
            return;
        }
        using var client = app.Connect();
        client.Send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: X-In\r\nTE: trailers\r\n\r\n3\r\nabc\r\n0\r\nX-In: def\r\n\r\n");
        // Kestrel sends trailers with HTTP/2 alone.
        var end = kind == ServerKind.Kestrel ? "0\r\n\r\n"u8 : "0\r\nX-Sum: 42\r\n\r\n"u8;
        Assert.Contains("abcdef", Encoding.ASCII.GetString(client.ReadThrough(end)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_application_sets_rates_of_its_own(ServerKind kind)
    {
        await using var app = await TestApplication.StartAsync(kind, app => app.MapGet("/", (HttpContext context) =>
        {
            var body = context.Features.Get<IHttpMinRequestBodyDataRateFeature>()!;
            var answer = context.Features.Get<IHttpMinResponseDataRateFeature>()!;
            var before = body.MinDataRate!.BytesPerSecond;
            body.MinDataRate = null;
            answer.MinDataRate = new(1000, TimeSpan.FromSeconds(7));
            return $"{before} {body.MinDataRate is null} {answer.MinDataRate.BytesPerSecond} {answer.MinDataRate.GracePeriod.TotalSeconds}";
        }));
        for (var i = 0; i < 2; i++)
            Assert.Equal("240 True 1000 7", await app.Client.GetStringAsync("/"));
    }

    [Theory]
    [MemberData(nameof(OurKinds))]
    public async Task A_read_can_be_cancelled_and_goes_on(ServerKind kind)
    {
        await using var app = await TestApplication.StartAsync(kind, app => app.MapPost("/", async (HttpContext context) =>
        {
            var reader = context.Request.BodyReader;
            var read = reader.ReadAsync();
            Assert.False(read.IsCompleted);
            reader.CancelPendingRead();
            var nothing = await read;
            Assert.True(nothing.IsCanceled);
            reader.AdvanceTo(nothing.Buffer.Start);
            using var cancelled = new CancellationTokenSource();
            read = reader.ReadAsync(cancelled.Token);
            await cancelled.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await read);
            await context.Response.WriteAsync("go on ");
            using var text = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync(await text.ReadToEndAsync());
        }));
        using var client = app.Connect();
        client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n");
        client.ReadThrough("go on "u8);
        client.Send("body");
        client.ReadThrough("body"u8);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Bytes_that_were_looked_at_and_not_taken_stay(ServerKind kind)
    {
        await using var app = await TestApplication.StartAsync(kind, app => app.MapPost("/", async (HttpContext context) =>
        {
            // Takes nothing until all is there: the buffer has to grow.
            while (true)
            {
                var read = await context.Request.BodyReader.ReadAsync();
                if (read.IsCompleted)
                {
                    var length = read.Buffer.Length;
                    context.Request.BodyReader.AdvanceTo(read.Buffer.End);
                    return length;
                }
                context.Request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }));
        Assert.Equal("700000", await (await app.Client.PostAsync("/", new ByteArrayContent(new byte[700_000]))).Content.ReadAsStringAsync());
        Assert.Equal("700000", await (await app.Client.PostAsync("/", new StreamContent(new UnknownLength(new byte[700_000])))).Content.ReadAsStringAsync());
    }

    /// <summary>A stream that does not say how long it is.</summary>
    private sealed class UnknownLength(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
