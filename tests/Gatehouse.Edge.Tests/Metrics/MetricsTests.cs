using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Gatehouse.Edge.Metrics;
using Gatehouse.Http;
using Gatehouse.Protocols.Headers;
using Gatehouse.Testing;

namespace Gatehouse.Edge.Tests.Metrics;

public class MetricsTests
{
    [Fact]
    public async Task A_scrape_shows_what_was_answered()
    {
        var registry = new MetricsRegistry();
        var shop = registry.Site("shop");
        Assert.Same(shop, registry.Site("shop"));
        registry.Site("say \"hi\"\\\n");
        var exchange = new FakeExchange { RequestBody = new byte[7] };
        exchange.Restart("POST");
        await exchange.ServeAsync(new SiteMetricsHandler(new Inner(e => e.SendAsync("hello"u8.ToArray())), shop));
        exchange.RequestBody = [];
        exchange.Restart();
        await Assert.ThrowsAsync<BadRequestException>(async () =>
            await exchange.ServeAsync(new SiteMetricsHandler(new Inner(async _ => { await Task.Yield(); throw new BadRequestException("no"); }), shop)));

        var samples = await Scrape(registry);
        Assert.Equal(1, samples["gatehouse_requests_total{site=\"shop\",code=\"2xx\"}"]);
        Assert.Equal(1, samples["gatehouse_requests_total{site=\"shop\",code=\"4xx\"}"]);
        Assert.Equal(0, samples["gatehouse_requests_total{site=\"shop\",code=\"5xx\"}"]);
        Assert.Equal(0, samples["gatehouse_requests_total{site=\"say \\\"hi\\\"\\\\\\n\",code=\"2xx\"}"]);
        Assert.Equal(2, samples["gatehouse_request_duration_seconds_count{site=\"shop\"}"]);
        Assert.Equal(2, samples["gatehouse_request_duration_seconds_bucket{site=\"shop\",le=\"+Inf\"}"]);
        Assert.Equal(5, samples["gatehouse_response_body_bytes_total{site=\"shop\"}"]);
        Assert.Equal(7, samples["gatehouse_request_body_bytes_total{site=\"shop\"}"]);
        Assert.True(samples["process_resident_memory_bytes"] > 1_000_000);
        Assert.True(samples["process_cpu_seconds_total"] > 0);
    }

    [Theory]
    [InlineData(0.0004, "0.0005")]
    [InlineData(0.0005, "0.0005")]
    [InlineData(0.03, "0.05")]
    [InlineData(10, "10")]
    [InlineData(11, "+Inf")]
    public void A_duration_counts_in_its_bucket_and_all_above(double seconds, string expected)
    {
        var registry = new MetricsRegistry();
        var exchange = new FakeExchange();
        registry.Site("s").Record(exchange, exchange.StartedAt + (long)(seconds * Stopwatch.Frequency));
        var text = Encoding.UTF8.GetString(registry.Scrape());
        var buckets = Regex.Matches(text, "_bucket\\{site=\"s\",le=\"([^\"]+)\"\\} (\\d+)");
        Assert.Equal(15, buckets.Count);
        var at = buckets.ToList().FindIndex(bucket => bucket.Groups[1].Value == expected);
        for (var i = 0; i < buckets.Count; i++)
            Assert.Equal(i >= at ? "1" : "0", buckets[i].Groups[2].Value);
        Assert.Contains($"_sum{{site=\"s\"}} {seconds.ToString(CultureInfo.InvariantCulture)}", text);
    }

    [Fact]
    public async Task Others_add_families_of_their_own_and_take_them_back()
    {
        var registry = new MetricsRegistry();
        var source = new Source(writer =>
        {
            writer.Gauge("gatehouse_connections_open", "Open connections.");
            writer.Sample(3, ("listener", ":80"));
        });
        registry.Add(source);
        Assert.Equal(3, (await Scrape(registry))["gatehouse_connections_open{listener=\":80\"}"]);
        registry.Remove(source);
        Assert.DoesNotContain("gatehouse_connections_open", (await Scrape(registry)).Keys);
    }

    [Fact]
    public void A_writer_refuses_what_Prometheus_would()
    {
        var writer = new MetricsWriter();
        Assert.Throws<InvalidOperationException>(() => writer.Sample(1));
        Assert.Throws<ArgumentException>(() => writer.Counter("requests", "x"));
        Assert.Throws<ArgumentException>(() => writer.Gauge("Bad-Name", "x"));
        Assert.Throws<ArgumentException>(() => writer.Gauge("", "x"));
        writer.Gauge("a", "one\ntwo\\");
        writer.Sample(double.NaN);
        Assert.Throws<InvalidOperationException>(() => writer.Gauge("a", "x"));
        Assert.Equal("# HELP a one\\ntwo\\\\\n# TYPE a gauge\na NaN\n", Encoding.UTF8.GetString(writer.Written.Span));
    }

    [Fact]
    public void Threads_add_without_losing()
    {
        var cells = new CounterCells(3);
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 10_000; i++)
                cells.Add(1, 2);
        });
        Assert.Equal([0, 160_000, 0], [cells.Sum(0), cells.Sum(1), cells.Sum(2)]);
        Assert.Throws<ArgumentOutOfRangeException>(() => cells.Add(3, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => cells.Sum(-1));
    }

    [Fact]
    public void Counting_allocates_nothing()
    {
        var site = new MetricsRegistry().Site("s");
        var exchange = new FakeExchange();
        site.Record(exchange, exchange.StartedAt + 5);
        var before = GC.GetAllocatedBytesForCurrentThread();
        site.Record(exchange, exchange.StartedAt + 5);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public async Task Only_reading_is_allowed()
    {
        var exchange = new FakeExchange("POST");
        await new MetricsHandler(new MetricsRegistry()).HandleAsync(exchange);
        Assert.Equal(405, exchange.Response.Status);
        Assert.True(exchange.Response.Headers.Contains(KnownHeader.Allow));
    }

    // Reads the text format back, and holds it to its grammar.
    private static async Task<Dictionary<string, double>> Scrape(MetricsRegistry registry)
    {
        var exchange = new FakeExchange();
        await new MetricsHandler(registry).HandleAsync(exchange);
        Assert.True(exchange.Response.Headers.TryGet(KnownHeader.ContentType, out var type));
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", Encoding.ASCII.GetString(type));
        var samples = new Dictionary<string, double>();
        var family = "";
        foreach (var line in Encoding.UTF8.GetString(exchange.Sent).Split('\n')[..^1])
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                family = line.Split(' ')[2];
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                Assert.Matches($"^# TYPE {family} (counter|gauge|histogram)$", line);
            }
            else
            {
                Assert.Matches($"^{family}(_bucket|_sum|_count)?(\\{{([a-z]+=\"(\\\\.|[^\"\\\\])*\",?)+\\}})? [^ ]+$", line);
                var space = line.LastIndexOf(' ');
                samples.Add(line[..space], double.Parse(line[(space + 1)..].Replace("+Inf", "Infinity"), CultureInfo.InvariantCulture));
            }
        }
        return samples;
    }

    private sealed class Inner(Func<Exchange, ValueTask> handler) : IHandler
    {
        public ValueTask HandleAsync(Exchange exchange) => handler(exchange);
    }

    private sealed class Source(Action<MetricsWriter> write) : IMetricSource
    {
        public void Write(MetricsWriter writer) => write(writer);
    }
}
