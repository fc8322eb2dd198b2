using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.AspNetCore.Tests;

/// <summary>Clients that leave, and servers that stop.</summary>
public sealed class LifetimeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static TheoryData<ServerKind> Kinds => TestApplication.Kinds;

    public static TheoryData<ServerKind, bool> Ways => BodyTests.KindsAndVersions;

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_client_that_leaves_cancels_its_request(ServerKind kind, bool isSecure)
    {
        var begun = new SemaphoreSlim(0);
        var left = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await TestApplication.StartAsync(kind, isSecure, app =>
        {
            app.MapGet("/wait", async (HttpContext context) =>
            {
                begun.Release();
                try
                {
                    await Task.Delay(Limit, context.RequestAborted);
                    left.SetResult(false);
                }
                catch (OperationCanceledException)
                {
                    left.SetResult(context.RequestAborted.IsCancellationRequested);
                }
                // Nobody reads it, which is no error.
                await context.Response.WriteAsync("for nobody");
            });
            app.MapGet("/fine", (HttpContext context) => $"{context.RequestAborted.IsCancellationRequested}");
        });
        using var cancellation = new CancellationTokenSource();
        var request = app.Client.GetAsync("/wait", cancellation.Token);
        Assert.True(await begun.WaitAsync(Limit));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        Assert.True(await left.Task.WaitAsync(Limit));
        for (var i = 0; i < 3; i++)
            Assert.Equal("False", await app.Client.GetStringAsync("/fine"));
        Assert.Empty(app.Log.Errors);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_client_that_leaves_inside_its_body_ends_the_read(ServerKind kind)
    {
        var begun = new SemaphoreSlim(0);
        var ended = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await TestApplication.StartAsync(kind, app => app.MapPost("/", async (HttpContext context) =>
        {
            begun.Release();
            ended.SetResult(await Record.ExceptionAsync(() => context.Request.Body.CopyToAsync(Stream.Null)));
            return "never read";
        }));
        using (var client = app.Connect())
        {
            client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nhalf");
            Assert.True(await begun.WaitAsync(Limit));
            client.Reset();
        }
        Assert.True(await ended.Task.WaitAsync(Limit) is IOException or OperationCanceledException);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_application_can_drop_its_client(ServerKind kind)
    {
        await using var app = await TestApplication.StartAsync(kind, app => app.MapGet("/", async (HttpContext context) =>
        {
            context.Abort();
            Assert.True(context.RequestAborted.IsCancellationRequested || await Wait(context));
            await context.Response.WriteAsync("for nobody");
        }));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => app.Client.GetAsync("/"));
        Assert.Empty(app.Log.Errors);

        static async Task<bool> Wait(HttpContext context)
        {
            try
            {
                await Task.Delay(Limit, context.RequestAborted);
                return false;
            }
            catch (OperationCanceledException)
            {
                return true;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_stop_lets_requests_under_way_end(ServerKind kind, bool isSecure)
    {
        var begun = new SemaphoreSlim(0);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await TestApplication.StartAsync(kind, isSecure, app => app.MapGet("/", async () =>
        {
            begun.Release();
            await goOn.Task;
            return "ended in order";
        }));
        var request = app.Client.GetStringAsync("/");
        Assert.True(await begun.WaitAsync(Limit));
        using var limit = new CancellationTokenSource(Limit);
        var stop = app.Application.StopAsync(limit.Token);
        // From some moment on nobody new is let in; the request goes on.
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                using var client = RawClient.Connect(app.Address.Port, timeout: TimeSpan.FromSeconds(5));
                await Task.Delay(10);
            }
        });
        Assert.False(stop.IsCompleted);
        goOn.SetResult();
        Assert.Equal("ended in order", await request);
        await stop.WaitAsync(Limit);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_stop_drops_what_does_not_end_in_time(ServerKind kind)
    {
        var begun = new SemaphoreSlim(0);
        await using var app = await TestApplication.StartAsync(kind, app => app.MapGet("/", async (HttpContext context) =>
        {
            begun.Release();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        }));
        var request = app.Client.GetStringAsync("/");
        Assert.True(await begun.WaitAsync(Limit));
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await app.Application.StopAsync(limit.Token).WaitAsync(Limit);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => request);
    }

    [Fact]
    public async Task A_port_that_is_taken_says_so()
    {
        await using var first = await TestApplication.StartAsync(ServerKind.Pool, _ => { });
        var failure = await Assert.ThrowsAnyAsync<IOException>(() => TestApplication.StartAsync(
            ServerKind.Pool, _ => { }, builder => builder.WebHost.UseSetting("urls", first.Address.ToString())));
        Assert.Contains(first.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), failure.Message, StringComparison.Ordinal);
    }
}
