using System.Diagnostics;

namespace Gatehouse.Interop.Tests.Balancing;

/// <summary>Targets that die, fall ill and come back.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData("round-robin")]
    [InlineData("least-requests")]
    public void Killing_one_of_two_under_load_fails_no_idempotent_request(string balance)
    {
        using var first = new PythonUpstream("first");
        using var second = new PythonUpstream("second");
        using var served = Served.Start(Served.Proxy($"\"{first.Address}\", \"{second.Address}\"", $"balance: {balance}"));
        using var load = new Load(served.Port, ["/a", "/b", "/slow"], answer => answer is { Status: 200, Text: "first" or "second" } ? null : answer.Text, clients: 12);
        load.WaitFor(150);
        Assert.Equal(2, load.Answers.Count);
        for (var round = 0; round < 2; round++)
        {
            second.Kill();
            load.WaitFor(300);
            second.Restart();
            load.WaitFor(100);
        }
        load.AssertNoFault();
    }

    [Fact]
    public void A_killed_target_gets_requests_again_when_it_is_back()
    {
        using var first = new PythonUpstream("first");
        using var second = new PythonUpstream("second");
        using var served = Served.Start(Served.Proxy($"\"{first.Address}\", \"{second.Address}\"", "health: {path: /healthz, every: 100ms, rise: 2, fall: 2}"));
        second.Kill();
        Served.Eventually(() => !IsHealthy(served, 1), "the health check takes it out");
        for (var i = 0; i < 10; i++) Assert.Equal("first", served.Get("/").Text);
        second.Restart();
        Served.Eventually(() => IsHealthy(served, 1), "the health check takes it back");
        string[] both = [.. Enumerable.Range(0, 10).Select(_ => served.Get("/").Text).Distinct().Order()];
        Assert.Equal(["first", "second"], both);
    }

    [Fact]
    public void A_target_that_says_it_is_ill_is_left_out_though_it_answers()
    {
        using var folder = new TempFolder();
        using var first = new PythonUpstream("first");
        using var second = new PythonUpstream("second", folder["sick"]);
        using var served = Served.Start(Served.Proxy($"\"{first.Address}\", \"{second.Address}\"", "health: {path: /healthz, every: 100ms, rise: 1, fall: 1}"));
        folder.Write("sick", "");
        Served.Eventually(() => !IsHealthy(served, 1), "the health check takes it out");
        for (var i = 0; i < 10; i++) Assert.Equal("first", served.Get("/").Text);
        File.Delete(folder["sick"]);
        Served.Eventually(() => IsHealthy(served, 1), "the health check takes it back");
    }

    [Fact]
    public void With_all_targets_down_the_answer_is_quick_and_recovery_is_by_itself()
    {
        using var first = new PythonUpstream("first");
        using var second = new PythonUpstream("second");
        using var served = Served.Start(Served.Proxy($"\"{first.Address}\", \"{second.Address}\""));
        Assert.Equal(200, served.Get("/").Status);
        first.Kill();
        second.Kill();
        for (var i = 0; i < 20; i++)
        {
            var clock = Stopwatch.StartNew();
            var answer = served.Get("/");
            Assert.True(answer.Status is 502 or 503, $"found {answer.Status}");
            Assert.InRange(clock.Elapsed.TotalSeconds, 0, 3);
        }
        first.Restart();
        second.Restart();
        Served.Eventually(() => served.Get("/").Status == 200, "requests are answered again", TimeSpan.FromSeconds(15));
    }

    [Fact]
    public void A_request_that_is_not_idempotent_is_repeated_only_when_it_was_not_sent()
    {
        var seen = 0;
        using var dying = new ScriptedUpstream(connection =>
        {
            connection.ReadRequest();
            Interlocked.Increment(ref seen);
        });
        using var good = ScriptedUpstream.Answering(request => Answer.Ok($"good {request.Method}"));
        using var served = Served.Start(Served.Proxy($"\"{dying.Address}\", \"{good.Address}\"", "balance: first"));
        Assert.Equal("good GET", served.Get("/").Text);
        Assert.Equal(502, served.Send("POST", "/", "pay once"u8).Status);
        Assert.Equal(2, seen);

        using var refused = Served.Start(Served.Proxy($"\"127.0.0.1:{FreePort.Tcp()}\", \"{good.Address}\"", "balance: first"));
        Assert.Equal("good POST", refused.Send("POST", "/", "pay once"u8).Text);
    }

    [Fact]
    public void A_connection_that_went_stale_at_rest_costs_no_request()
    {
        // The upstream answers once on each connection and closes it a moment later, without saying so.
        using var upstream = new ScriptedUpstream(connection =>
        {
            connection.ReadRequest();
            connection.Send(Answer.Ok("once"));
            Thread.Sleep(Random.Shared.Next(3));
        });
        using var served = Served.Start(Served.Proxy(upstream.Address));
        using var load = new Load(served.Port, ["/"], answer => answer.Status == 200 ? null : answer.Text, clients: 4, pause: TimeSpan.FromMilliseconds(1));
        load.WaitFor(500);
        load.AssertNoFault();
    }

    [Fact]
    public void Statuses_and_time_outs_are_repeated_where_the_route_says_so()
    {
        using var sick = ScriptedUpstream.Answering(request => Answer.Of(503, "sick"u8));
        using var mute = new ScriptedUpstream(connection => connection.ReadToEnd());
        using var good = ScriptedUpstream.Answering(request => Answer.Ok("good"));
        using var served = Served.Start($$$"""
            sites:
              - routes:
                  - {match: /status/*, proxy: {to: ["{{{sick.Address}}}", "{{{good.Address}}}"], balance: first, retry: {tries: 2, on: [connect, "503"]} }}
                  - {match: /timeout/*, proxy: {to: ["{{{mute.Address}}}", "{{{good.Address}}}"], balance: first, timeouts: {first-byte: 300ms}, retry: {tries: 2, on: [connect, timeout]} }}
                  - {match: /once/*, proxy: {to: ["{{{sick.Address}}}", "{{{good.Address}}}"], balance: first, retry: 1}}
            """);
        Assert.Equal("good", served.Get("/status/").Text);
        Assert.Equal("good", served.Get("/timeout/").Text);
        Assert.Equal("sick", served.Get("/once/").Text);
        Assert.Equal("sick", served.Send("POST", "/status/", "x"u8).Text);
    }

    private static bool IsHealthy(Served served, int target)
    {
        using var status = System.Text.Json.JsonDocument.Parse(served.Process.Control("status").Expect(0).Output);
        return status.RootElement.GetProperty("upstreams")[0][target].GetProperty("healthy").GetBoolean();
    }
}
