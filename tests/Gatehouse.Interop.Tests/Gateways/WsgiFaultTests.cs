using System.Globalization;
using System.Text.Json;

namespace Gatehouse.Interop.Tests.Gateways;

/// <summary>Applications that do wrong, and workers that die: who is hurt, and what the log says.</summary>
public sealed class WsgiFaultTests
{
    [Fact]
    public void Each_fault_hurts_its_own_request_and_is_told()
    {
        using var served = Application.Start("cases", "workers: 1, timeout: 10s");
        foreach (var path in (string[])["/raise", "/raise-first", "/never", "/twice", "/status", "/status-1xx", "/header", "/header-name", "/text", "/sys-exit"])
        {
            Assert.True(500 == served.Get(path).Status, path);
            Assert.True(200 == served.Get("/pid").Status, path);
            if (path == "/raise-first")
                Assert.Contains(path, served.Get("/closed").Text, StringComparison.Ordinal);
        }
        Served.Eventually(() => served.Process.Error.Contains("RuntimeError: raised before", StringComparison.Ordinal), "the traceback in the log");
        Assert.Contains("expected a token", served.Process.Error, StringComparison.Ordinal);
        Assert.Contains("wsgi cases[", served.Process.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/exit", "exit code 7")]
    [InlineData("/segv", "signal 11 (SIGSEGV)")]
    public void A_worker_that_dies_gives_502_and_another_takes_its_place(string path, string said)
    {
        using var served = Application.Start("cases", "workers: 1");
        var before = served.Get("/pid").Text;
        Assert.Equal(502, served.Get(path).Status);
        Assert.NotEqual(before, served.Get("/pid").Text);
        Served.Eventually(() => served.Process.Error.Contains(said, StringComparison.Ordinal), said);
    }

    [Theory]
    [InlineData("/half")]
    [InlineData("/raise-after")]
    [InlineData("/less")]
    public void An_answer_that_breaks_off_breaks_the_connection(string path)
    {
        using var served = Application.Start("cases", "workers: 1");
        using var client = served.Connect();
        client.Send(Served.Head("GET", path));
        Assert.ThrowsAny<Exception>(() => client.ReadResponse());
        Assert.Equal(200, served.Get("/pid").Status);
    }

    [Fact]
    public void A_hanging_request_is_answered_504_at_its_deadline_and_its_worker_killed()
    {
        using var served = Application.Start("cases", "workers: 2, timeout: 3s");
        Assert.Equal(404, served.Get("/ready").Status);
        using var slow = served.Connect();
        slow.Send(Served.Head("GET", "/hang"));
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(200, served.Get("/pid").Status);
            Thread.Sleep(20);
        }
        Assert.Equal(504, slow.ReadResponse().Status);
        Assert.Contains("GET /hang took longer than 3 s", served.Process.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_worker_takes_in_time_is_answered_503_and_does_not_run()
    {
        using var count = new TempFolder();
        using var served = Application.Start("cases", $"workers: 1, timeout: 4s, env: {{COUNT_FILE: '{count["count"]}'}}");
        Assert.Equal(404, served.Get("/ready").Status);
        using var first = served.Connect();
        first.Send(Served.Head("GET", "/hang"));
        Thread.Sleep(2000);
        using var second = served.Connect();
        second.Send(Served.Head("GET", "/sleep?3.5"));
        Thread.Sleep(50);
        using var third = served.Connect();
        third.Send(Served.Head("GET", "/count?late"));
        Assert.Equal(504, first.ReadResponse().Status);
        Assert.Equal(200, second.ReadResponse().Status);
        Assert.Equal(503, third.ReadResponse().Status);
        Assert.Equal(200, served.Get("/count?other").Status);
        Assert.Equal("other\n", File.ReadAllText(count["count"]));
    }

    [Fact]
    public void Wrong_framing_ends_the_worker()
    {
        using var served = Application.Start("cases", "workers: 1");
        Assert.Equal(502, served.Get("/frames").Status);
        Assert.Equal(200, served.Get("/pid").Status);
        Assert.Contains("it is killed", served.Process.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_endless_answer_ends_with_its_client()
    {
        using var served = Application.Start("cases", "workers: 1");
        using (var client = served.Connect())
        {
            client.Send(Served.Head("GET", "/endless"));
            client.Read(1_000_000);
        }
        Assert.Contains("/endless", served.Get("/closed").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_memory_hog_is_replaced_after_its_request()
    {
        using var served = Application.Start("cases", "workers: 1, max-memory: 200MB");
        var hog = served.Get("/memory?300000000").Text;
        Served.Eventually(() => served.Get("/pid").Text != hog, "the worker was replaced");
    }

    [Fact]
    public void A_worker_is_replaced_after_its_number_of_requests_and_none_fails()
    {
        using var served = Application.Start("cases", "workers: 2, max-requests: 20");
        var pids = new HashSet<string>();
        using var client = served.Connect();
        for (var i = 0; i < 200; i++)
        {
            client.Send(Served.Head("GET", "/pid"));
            var answer = client.ReadResponse();
            Assert.Equal(200, answer.Status);
            pids.Add(answer.Text);
        }
        Assert.True(pids.Count >= 5, $"{pids.Count} workers");
    }

    [Fact]
    public void Output_is_brought_to_the_log_and_a_flood_is_counted()
    {
        using var served = Application.Start("cases", "workers: 1");
        Assert.Equal(200, served.Get("/flood").Status);
        Served.Eventually(() => served.Process.Error.Contains("line 0", StringComparison.Ordinal), "the first line");
        Thread.Sleep(1100);
        served.Get("/flood");
        Served.Eventually(() => served.Process.Error.Contains("more lines were left out", StringComparison.Ordinal), "the count of lines");
        Assert.DoesNotContain("line 4999", served.Process.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_import_that_fails_is_explained_and_answered_503()
    {
        using var folder = new TempFolder();
        folder.Write("broken.py", "import no_such_module\n");
        using var served = Application.Start("broken", "workers: 1", path: folder.Path);
        Served.Eventually(() => served.Process.Error.Contains("cannot be loaded: No module named 'no_such_module'", StringComparison.Ordinal), "the reason in the log");
        Served.Eventually(() => served.Get("/").Status == 503, "503");
        Assert.Contains("Traceback", served.Process.Error, StringComparison.Ordinal);
        folder.Write("broken.py", "def application(e, s):\n    s('200 OK', [])\n    return [b'mended']\n");
        Served.Eventually(() => served.Get("/").Text == "mended", "the next try found it mended");
    }

    [Fact]
    public void A_missing_interpreter_is_named()
    {
        using var served = Application.Start("cases", "python: no-such-python");
        Served.Eventually(() => served.Process.Error.Contains("no Python interpreter 'no-such-python'", StringComparison.Ordinal), "the reason in the log");
        Assert.Equal(503, served.Get("/").Status);
    }

    [Fact]
    public void Killed_workers_cost_one_request_each_at_the_most_and_none_runs_twice()
    {
        using var folder = new TempFolder();
        using var served = Application.Start("cases", $"workers: 2, env: {{COUNT_FILE: '{folder["count"]}'}}");
        var kills = 0;
        var sent = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        var failures = 0;
        var stop = false;
        var threads = Enumerable.Range(0, 6).Select(client => new Thread(() =>
        {
            for (var i = 0; !Volatile.Read(ref stop); i++)
            {
                var status = served.Get($"/count?{client}-{i}").Status;
                sent[$"{client}-{i}"] = status;
                if (status != 200)
                    Interlocked.Increment(ref failures);
            }
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        Served.Eventually(() => File.Exists(folder["count"]), "the first request was answered");
        for (; kills < 25; kills++)
        {
            Thread.Sleep(60);
            if (Workers(served) is { Count: > 0 } workers)
                Signals.Send(workers[kills % workers.Count], PosixSignal.Kill);
        }
        Thread.Sleep(500);
        Volatile.Write(ref stop, true);
        foreach (var thread in threads)
            thread.Join();
        var runs = File.ReadAllLines(folder["count"]);
        Assert.Equal(runs.Length, runs.Distinct().Count());
        Assert.True(failures <= kills, $"{failures} requests failed of {sent.Count}, {kills} workers were killed");
        Assert.All(sent.Where(pair => pair.Value == 200), pair => Assert.Contains(pair.Key, runs));
        Assert.All(sent.Values.Distinct(), status => Assert.Contains(status, (int[])[200, 502]));
    }

    [Fact]
    public void Nothing_outlives_the_server_however_it_ends()
    {
        using var served = Application.Start("cases", "workers: 2");
        Assert.Equal(200, served.Get("/pid").Status);
        var workers = Workers(served);
        Assert.Equal(2, workers.Count);
        Signals.Send(served.Process.Id, PosixSignal.Kill);
        Served.Eventually(() => workers.All(IsGone), "the workers ended with their parent");
    }

    [Fact]
    public void Status_shows_each_worker()
    {
        using var served = Application.Start("cases", "workers: 1");
        using var slow = served.Connect();
        slow.Send(Served.Head("GET", "/sleep?3"));
        Served.Eventually(() => Processes(served).Any(worker => worker.GetProperty("current").GetString() == "GET /sleep"), "the current request in status");
        var busy = Processes(served).Single(worker => worker.GetProperty("state").GetString() == "busy");
        Assert.True(busy.GetProperty("memory").GetInt64() > 1_000_000);
        Assert.Equal(200, slow.ReadResponse().Status);
    }

    internal static IReadOnlyList<int> Workers(Served served) =>
        [.. Processes(served).Where(worker => worker.GetProperty("state").GetString() is "idle" or "busy").Select(worker => worker.GetProperty("pid").GetInt32())];

    internal static IReadOnlyList<JsonElement> Processes(Served served)
    {
        using var control = RawClient.ConnectUnix(Path.Combine(served.Process.State, "control.sock"), Served.Patience);
        control.Send("GET /status HTTP/1.1\r\nHost: gatehouse\r\n\r\n");
        var status = JsonDocument.Parse(control.ReadResponse().Body);
        return [.. status.RootElement.GetProperty("applications")[0].GetProperty("processes").EnumerateArray()];
    }

    private static bool IsGone(int process)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat")).Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }
}
