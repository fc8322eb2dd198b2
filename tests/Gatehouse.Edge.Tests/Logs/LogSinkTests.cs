using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Gatehouse.Edge.Logs;
using Gatehouse.Testing;

namespace Gatehouse.Edge.Tests.Logs;

public class LogSinkTests
{
    private static readonly LogFormat Target = Parse("$target");

    [Fact]
    public void Lines_reach_the_file_within_the_second_and_the_rest_at_the_end()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "access.log");
        File.WriteAllText(path, "before\n");
        using (var sinks = new LogSinks(Unexpected))
        {
            var sink = sinks.Get(new LogConfig { File = new LogFile(path) });
            Log(sink, "/one");
            WaitUntil(() => File.ReadAllText(path) == "before\n/one\n");
            Log(sink, "/two");
        }
        Assert.Equal("before\n/one\n/two\n", File.ReadAllText(path));
    }

    [Fact]
    public void Many_threads_lose_and_tear_nothing()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "access.log");
        const int Threads = 24, Lines = 2000;
        using (var sinks = new LogSinks(Unexpected))
        {
            var sink = sinks.Get(new LogConfig { File = new LogFile(path) });
            var threads = Enumerable.Range(0, Threads).Select(t => new Thread(() =>
            {
                var exchange = new FakeExchange();
                for (var i = 0; i < Lines; i++)
                {
                    exchange.Restart("GET", $"/{t}/{i}");
                    Log(sink, exchange);
                }
            })).ToArray();
            foreach (var thread in threads)
                thread.Start();
            foreach (var thread in threads)
                thread.Join();
        }
        var lines = File.ReadAllLines(path);
        Assert.Equal(Threads * Lines, lines.Length);
        Assert.Equal(Threads * Lines, lines.ToHashSet().Count);
        Assert.All(lines, line => Assert.Matches("^/[0-9]+/[0-9]+$", line));
    }

    [Fact]
    public void A_moved_file_is_left_when_asked()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "access.log");
        using (var sinks = new LogSinks(Unexpected))
        {
            var sink = sinks.Get(new LogConfig { File = new LogFile(path) });
            Log(sink, "/one");
            WaitUntil(() => File.Exists(path) && new FileInfo(path).Length > 0);
            File.Move(path, path + ".1");
            Log(sink, "/two");
            sinks.Reopen();
            WaitUntil(() => File.ReadAllText(path + ".1") == "/one\n/two\n");
            Log(sink, "/three");
        }
        Assert.Equal("/three\n", File.ReadAllText(path));
        Assert.Equal("/one\n/two\n", File.ReadAllText(path + ".1"));
    }

    [Fact]
    public void A_file_truncated_by_its_rotation_starts_anew()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "access.log");
        using (var sinks = new LogSinks(Unexpected))
        {
            var sink = sinks.Get(new LogConfig { File = new LogFile(path) });
            Log(sink, "/one");
            WaitUntil(() => File.Exists(path) && new FileInfo(path).Length > 0);
            File.WriteAllText(path, "");
            Log(sink, "/two");
        }
        Assert.Equal("/two\n", File.ReadAllText(path));
    }

    [Fact]
    public void Two_writers_of_one_file_overwrite_nothing_also_while_it_is_truncated()
    {
        using var folder = new TempFolder();
        var path = folder["access.log"];
        const int Lines = 40_000;
        var exchanges = new[] { new FakeExchange("GET", "/one"), new FakeExchange("GET", "/two") };
        // As two processes would: each with a sink of its own.
        var writers = exchanges.Select(exchange => new Thread(() =>
        {
            using var sinks = new LogSinks(Unexpected);
            var sink = sinks.Get(new LogConfig { File = new LogFile(path) });
            for (var i = 0; i < Lines; i++)
            {
                Log(sink, exchange);
                if (i % 5000 == 0)
                    Thread.Sleep(5);
            }
            Assert.Equal(0, sink.LinesLost);
        })).ToArray();
        foreach (var writer in writers)
            writer.Start();
        foreach (var writer in writers)
            writer.Join();
        var lines = File.ReadAllLines(path);
        Assert.Equal((Lines, Lines), (lines.Count(line => line == "/one"), lines.Count(line => line == "/two")));

        using (var sinks = new LogSinks(Unexpected))
        {
            var sink = sinks.Get(new LogConfig { File = new LogFile(path) });
            Log(sink, "/before");
            WaitUntil(() => File.ReadAllText(path).EndsWith("/before\n", StringComparison.Ordinal));
            // What logrotate's copytruncate does.
            File.Copy(path, path + ".1");
            new FileStream(path, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite).Dispose();
            Log(sink, "/after");
        }
        Assert.Equal("/after\n", File.ReadAllText(path));
    }

    [Fact]
    public void A_full_disk_is_reported_once_and_stops_nobody()
    {
        Assert.True(File.Exists("/dev/full"), "Linux has a /dev/full.");
        var reports = new ConcurrentQueue<string>();
        LogSink sink;
        using (var sinks = new LogSinks(reports.Enqueue))
        {
            sink = sinks.Get(new LogConfig { File = new LogFile("/dev/full") });
            Log(sink, "/one");
            WaitUntil(() => !reports.IsEmpty);
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < 5000; i++)
                Log(sink, "/more");
            Assert.True(watch.ElapsedMilliseconds < 1000, $"took {watch.ElapsedMilliseconds} ms");
        }
        Assert.Equal(5001, sink.LinesLost);
        Assert.Contains("No space left", reports.First());
        Assert.Equal(2, reports.Count);
        Assert.Contains("5001 were lost", reports.Last());
    }

    [Fact]
    public void A_slow_destination_drops_lines_counts_them_and_says_so_in_the_log()
    {
        var destination = new GatedDestination();
        var reports = new ConcurrentQueue<string>();
        var sink = new LogSink("gated", destination, reports.Enqueue);
        var exchange = new FakeExchange("GET", "/" + new string('x', 1000));
        const int Lines = 20_000;
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < Lines; i++)
            Log(sink, exchange);
        Assert.True(watch.ElapsedMilliseconds < 5000, $"took {watch.ElapsedMilliseconds} ms");
        var lost = sink.LinesLost;
        Assert.InRange(lost, 1, Lines - 1000);
        destination.Open.Set();
        WaitUntil(() => reports.Any(r => r.Contains($"{lost} lines were lost so far", StringComparison.Ordinal)));
        Log(sink, "/after");
        sink.Dispose();
        var written = destination.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Lines - lost, written.Count(line => line.StartsWith("/x", StringComparison.Ordinal)));
        Assert.Single(written, line => line.Contains($"{lost} lines lost", StringComparison.Ordinal));
        Assert.Equal("/after", written[^1]);
    }

    [Fact]
    public void A_destination_that_fails_for_a_while_gets_every_line_once()
    {
        var destination = new GatedDestination { Failures = 2 };
        destination.Open.Set();
        var reports = new ConcurrentQueue<string>();
        var sink = new LogSink("failing", destination, reports.Enqueue);
        Log(sink, "/one");
        Log(sink, "/two");
        WaitUntil(() => destination.Text.Length > 0);
        sink.Dispose();
        Assert.Equal("/one\n/two\n", destination.Text);
        Assert.Equal(2, reports.Count);
        Assert.Contains("written again", reports.Last());
        Assert.Equal(0, sink.LinesLost);
    }

    [Fact]
    public void A_file_that_cannot_be_opened_is_tried_again()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "later", "access.log");
        var reports = new ConcurrentQueue<string>();
        using (var sinks = new LogSinks(reports.Enqueue))
        {
            Log(sinks.Get(new LogConfig { File = new LogFile(path) }), "/one");
            WaitUntil(() => !reports.IsEmpty);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            WaitUntil(() => File.Exists(path) && File.ReadAllText(path) == "/one\n");
        }
    }

    [Fact]
    public void Sites_share_a_destination_and_a_reload_ends_what_is_no_longer_named()
    {
        using var folder = new TempFolder();
        var a = new LogConfig { File = new LogFile(Path.Combine(folder.Path, "a")) };
        var b = new LogConfig { File = new LogFile(Path.Combine(folder.Path, "b")) };
        using var sinks = new LogSinks(Unexpected);
        var sink = sinks.Get(a);
        Assert.Same(sink, sinks.Get(a with { Format = LogFormat.Json }));
        Log(sinks.Get(b), "/b");
        sinks.Keep([a, new LogConfig()]);
        Assert.Equal("/b\n", File.ReadAllText(b.File.Value));
        Assert.Equal([sink], sinks.All);
    }

    [Fact]
    public void A_line_allocates_nothing()
    {
        var destination = new GatedDestination();
        destination.Open.Set();
        using var sink = new LogSink("null", destination, Unexpected);
        var exchange = new FakeExchange("GET", "/a\"b", ("Host", "h"), ("User-Agent", "x\u00e9"));
        exchange.Notes.User = "ann";
        for (var i = 0; i < 100; i++)
        {
            Log(sink, exchange, LogFormat.Combined);
            Log(sink, exchange, LogFormat.Json);
        }
        Thread.Sleep(1);
        var least = long.MaxValue;
        for (var run = 0; run < 20 && least > 0; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Log(sink, exchange, LogFormat.Combined);
            Log(sink, exchange, LogFormat.Json);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
    }

    private static void Log(LogSink sink, string target) => Log(sink, new FakeExchange("GET", target));

    private static void Log(LogSink sink, FakeExchange exchange, LogFormat? format = null) =>
        sink.Append(format ?? Target, new LogEntry(exchange, Stopwatch.GetTimestamp(), DateTime.UtcNow));

    private static void Unexpected(string report) => Assert.Fail(report);

    private static void WaitUntil(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.ElapsedMilliseconds < 10_000, "nothing came within 10 s");
            Thread.Sleep(10);
        }
    }

    private static LogFormat Parse(string text) => LogFormat.TryParse(text, out var format, out var fault) ? format : throw new FormatException(fault);

    private sealed class GatedDestination : ILogDestination
    {
        private readonly StringBuilder _text = new();

        public ManualResetEventSlim Open { get; } = new();

        public int Failures { get; set; }

        public string Text
        {
            get
            {
                lock (_text)
                    return _text.ToString();
            }
        }

        public void Write(ReadOnlySpan<byte> lines)
        {
            Open.Wait();
            if (Failures-- > 0)
                throw new IOException("not now");
            lock (_text)
                _text.Append(Encoding.ASCII.GetString(lines));
        }

        public void Reopen()
        {
        }

        public void Dispose() => Open.Dispose();
    }
}
