using Gatehouse.Edge.Logs;
using Gatehouse.Edge.Routing;
using Gatehouse.Edge.Tests.Support;
using Gatehouse.Http;
using Gatehouse.Http.Settings;
using Gatehouse.Testing;

namespace Gatehouse.Edge.Tests.Logs;

public class AccessLogHandlerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_is_logged_when_it_is_over(bool waits)
    {
        var line = await Run(async exchange =>
        {
            if (waits)
                await Task.Delay(20);
            exchange.Response.Status = 201;
            await exchange.SendAsync("hello"u8.ToArray());
        });
        Assert.StartsWith("201 5 - ", line);
        Assert.InRange(double.Parse(line.Split(' ')[3]), waits ? 0.015 : 0, 5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_fault_is_logged_with_its_status_and_goes_on(bool waits)
    {
        Assert.StartsWith("413 0 too much ", await Fail(new BadRequestException(413, "too much")));
        Assert.StartsWith("500 0 oops ", await Fail(new InvalidOperationException("oops")));

        async Task<string> Fail(Exception fault)
        {
            var line = "";
            await Assert.ThrowsAsync(fault.GetType(), async () => line = await Run(
                async exchange =>
                {
                    if (waits)
                        await Task.Yield();
                    throw fault;
                },
                logged => line = logged));
            return line;
        }
    }

    [Fact]
    public async Task A_handler_that_throws_before_it_waits_is_logged_too()
    {
        var line = "";
        await Assert.ThrowsAsync<BadRequestException>(() => Run(_ => throw new BadRequestException(400, "no"), logged => line = logged));
        Assert.StartsWith("400 0 no ", line);
    }

    [Fact]
    public async Task An_answer_that_had_begun_keeps_its_status()
    {
        var line = "";
        await Assert.ThrowsAsync<IOException>(() => Run(
            async exchange =>
            {
                await exchange.WriteAsync("half"u8.ToArray());
                throw new IOException("broke");
            },
            logged => line = logged));
        Assert.StartsWith("200 4 broke ", line);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_the_driver_answers_in_a_handlers_place_is_logged_as_it_was_sent(bool waits)
    {
        using var folder = new TempFolder();
        var path = folder["log"];
        var sink = new LogSink("test", new FileDestination(path), report => Assert.Fail(report));
        Assert.True(LogFormat.TryParse("$path $status $bytes $failure", out var format, out _));
        var sizes = new List<int>();
        var inner = new Inner(async exchange =>
        {
            if (waits)
                await Task.Delay(1);
            if (exchange.Request.Path.SequenceEqual("/missing"u8))
                exchange.Response.Status = 404;
            else
                throw exchange.Request.Path.SequenceEqual("/bad"u8) ? new BadRequestException(413, "too much") : new InvalidOperationException("oops");
        });
        using (var server = new EdgeServer(new AccessLogHandler(inner, format, sink)))
        {
            foreach (var target in new[] { "/missing", "/bad", "/broken" })
            {
                var answer = server.Get(target);
                Assert.NotEmpty(answer.Body);
                sizes.Add(answer.Body.Length);
            }
        }
        sink.Dispose();
        Assert.Equal([$"/missing 404 {sizes[0]} -", $"/bad 413 {sizes[1]} too much", $"/broken 500 {sizes[2]} oops"], File.ReadAllLines(path));
    }

    [Fact]
    public void A_client_that_is_gone_is_499()
    {
        using var folder = new TempFolder();
        var path = folder["log"];
        var sink = new LogSink("test", new FileDestination(path), report => Assert.Fail(report));
        Assert.True(LogFormat.TryParse("$status $bytes", out var format, out _));
        using var ended = new ManualResetEventSlim();
        var inner = new Inner(async exchange =>
        {
            try
            {
                await exchange.ReadAsync(new byte[10]);
            }
            finally
            {
                ended.Set();
            }
        });
        using (var server = new EdgeServer(new AccessLogHandler(inner, format, sink)))
        {
            using var client = server.Connect();
            client.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\n");
            Thread.Sleep(50);
            client.Reset();
            Assert.True(ended.Wait(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        }
        sink.Dispose();
        Assert.Equal(["499 0"], File.ReadAllLines(path));
    }

    [Fact]
    public void The_settings_read_as_people_write_them()
    {
        Assert.True(LogFile.TryParse("off", out var off, out _) && off.IsOff);
        Assert.True(LogFile.TryParse("false", out off, out _) && off.IsOff);
        Assert.True(LogFile.TryParse("stdout", out var output, out _) && output.IsStandardOutput);
        Assert.True(LogFile.TryParse("logs/a.log", out var file, out _));
        Assert.Equal(new LogFile("/etc/gatehouse/logs/a.log"), file.ResolvedFrom("/etc/gatehouse"));
        Assert.Same(output, output.ResolvedFrom("/etc"));
        Assert.False(LogFile.TryParse("", out _, out _));
        Assert.True(new LogConfig().IsOff);
        var faults = new Faults();
        new LogConfig { File = file, Syslog = new SyslogAddress(false, "h", 514) }.Check(faults);
        Assert.Equal(["syslog"], faults.Settings);
        Assert.Null(new LogFeature().Wrap(new LogConfig(), new Inner(_ => default), new FeatureContext(PathPattern.All, "/", new NoServices())));
    }

    private static async Task<string> Run(Func<Exchange, ValueTask> handler, Action<string>? logged = null)
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "log");
        Assert.True(LogFormat.TryParse("$status $bytes $failure $duration", out var format, out _));
        var sink = new LogSink("test", new FileDestination(path), report => Assert.Fail(report));
        try
        {
            await new FakeExchange().ServeAsync(new AccessLogHandler(new Inner(handler), format, sink));
        }
        finally
        {
            sink.Dispose();
            logged?.Invoke(File.ReadAllText(path));
        }
        return File.ReadAllText(path);
    }

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }

    private sealed class Faults : IFaultSink
    {
        public List<string> Settings { get; } = [];

        public void Report(string setting, string message) => Settings.Add(setting);
    }
}
