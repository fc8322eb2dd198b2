using System.Net;

namespace Gatehouse.Web.Tests.Running;

public sealed class FaultTests
{
    [Fact]
    public async Task A_handler_that_throws_answers_500_and_tells_the_client_nothing()
    {
        var app = new App();
        app.Get("/", () => Boom("secret detail"));
        app.Get("/inline", () => Boom("secret detail")).Inline();
        app.Get("/later", async () =>
        {
            await Task.Yield();
            return Boom("secret detail");
        });
        app.Get("/fine", () => "fine");
        await using var client = new TestClient(app);
        foreach (var path in new[] { "/", "/inline", "/later" })
        {
            var answer = await client.GetAsync(path);
            var text = await answer.TextAsync(HttpStatusCode.InternalServerError);
            Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
            Assert.Contains(Assert.Single(answer.Headers.GetValues("X-Request-ID")), text, StringComparison.Ordinal);
        }
        Assert.Equal("fine", await (await client.GetAsync("/fine")).TextAsync());
    }

    [Fact]
    public async Task Development_shows_the_source_and_no_secrets()
    {
        var app = new App("--environment", "development", "--Db:Password", Hidden, "--Shop:Name", "Corner");
        app.Get("/", () => Boom("<script>alert(1)</script>"));
        await using var client = new TestClient(app);
        var text = await (await client.GetAsync("/")).TextAsync(HttpStatusCode.InternalServerError);
        Assert.Contains("throw new InvalidOperationException", text, StringComparison.Ordinal);
        Assert.Contains("Corner", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Hidden, text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_that_hangs_is_given_up_and_hurts_nobody()
    {
        var app = new App();
        app.Limits.AnswerTime = TimeSpan.FromMilliseconds(100);
        using var release = new ManualResetEventSlim();
        app.Get("/waits", async (CancellationToken aborted) =>
        {
            await Task.Delay(Timeout.Infinite, aborted);
            return "never";
        });
        app.Get("/blocks", () =>
        {
            release.Wait(TimeSpan.FromSeconds(60));
            return "too late";
        });
        app.Get("/fine", () => "fine");
        await using var client = new TestClient(app);
        await (await client.GetAsync("/waits")).TextAsync(HttpStatusCode.ServiceUnavailable);
        var blocked = client.GetAsync("/blocks");
        Assert.Equal("fine", await (await client.GetAsync("/fine")).TextAsync());
        // What blocks cannot be asked to end: its client is let go, and what it returns in the end reaches nobody.
        await Assert.ThrowsAsync<HttpRequestException>(() => blocked);
        release.Set();
        for (var i = 0; i < 20; i++)
            Assert.Equal("fine", await (await client.GetAsync("/fine")).TextAsync());
    }

    [Fact]
    public async Task What_is_kept_of_a_request_is_no_use_after_it()
    {
        Context? kept = null;
        var app = new App();
        app.Get("/keep", (Context context) =>
        {
            kept = context;
            return "kept";
        });
        app.Get("/fine", () => "fine");
        await using var client = new TestClient(app);
        Assert.Equal("kept", await (await client.GetAsync("/keep")).TextAsync());
        Assert.Equal("fine", await (await client.GetAsync("/fine")).TextAsync());
        Assert.Throws<ObjectDisposedException>(() => kept!.SetHeader("X", "y"));
        Assert.Throws<ObjectDisposedException>(() => kept!.Exchange);
    }

    [Fact]
    public async Task A_handler_that_fails_in_the_middle_drops_its_answer()
    {
        var app = new App();
        app.Get("/half", async (Http.Exchange exchange) =>
        {
            exchange.Response.ContentLength = 100;
            await exchange.WriteAsync(new byte[10]);
            Boom("half way");
        });
        app.Get("/fine", () => "fine");
        await using var client = new TestClient(app);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/half"));
        Assert.Equal("fine", await (await client.GetAsync("/fine")).TextAsync());
    }

    [Fact]
    public async Task Blocking_reads_work_on_the_pool()
    {
        var app = new App();
        app.Post("/", (Http.Exchange exchange) => $"{exchange.ReadAsync(new byte[100]).AsTask().GetAwaiter().GetResult()}").WithoutCsrf();
        await using var client = new TestClient(app);
        Assert.Equal("5", await (await client.PostAsync("/", new StringContent("12345"))).TextAsync());
    }

    private static readonly string Hidden = string.Concat("hunter", "2");

    private static string Boom(string message) => throw new InvalidOperationException(message);
}
