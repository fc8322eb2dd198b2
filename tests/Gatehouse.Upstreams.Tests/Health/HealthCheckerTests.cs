using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gatehouse.Http.Client;
using Gatehouse.Http.Settings;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Upstreams.Health;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Upstreams.Tests.Health;

/// <summary>Active checks against a server that answers what the test says; the test waits for what it counts and not for a time.</summary>
public sealed class HealthCheckerTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly ReactorGroup _group = ReactorGroup.StartNew(1);
    private readonly Answering _server = new();

    public void Dispose()
    {
        _server.Dispose();
        _group.Dispose();
    }

    [Fact]
    public void Target_goes_out_after_fall_and_comes_back_after_rise()
    {
        using var checking = Check(out var target, rise: 2, fall: 3);
        Until(() => _server.Asked >= 3, "three checks");
        Assert.True(target.IsHealthy);
        Assert.Equal("GET /healthz?x HTTP/1.1", _server.LastHead.Split("\r\n")[0]);
        Assert.Contains($"\r\nHost: {target.Endpoint}\r\n", _server.LastHead, StringComparison.Ordinal);

        var before = _server.Answer("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
        Until(() => !target.IsHealthy, "the target is out");
        Assert.InRange(_server.Asked - before, 3, 5);

        before = _server.Answer("HTTP/1.1 204 No Content\r\n\r\n");
        Until(() => target.IsHealthy, "the target is back");
        Assert.InRange(_server.Asked - before, 2, 4);
    }

    [Fact]
    public void Check_that_succeeds_ends_an_ejection_of_one_that_was_out()
    {
        _server.Answer("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
        using var checking = Check(out var target, rise: 1, fall: 1);
        Until(() => !target.IsHealthy, "the target is out");
        target.Eject(long.MaxValue);
        _server.Answer("HTTP/1.1 200 OK\r\n\r\nopen ended");
        Until(() => target.IsAvailable(Environment.TickCount64), "the target is available");
    }

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("not HTTP\r\n\r\n")]
    [InlineData("")]
    public void These_answers_are_no_health(string answer)
    {
        _server.Answer(answer);
        using var checking = Check(out var target, rise: 1, fall: 1);
        Until(() => !target.IsHealthy, "the target is out");
    }

    [Theory]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 5\r\n\r\nnever")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    public void These_answers_are_health(string answer)
    {
        _server.Answer("");
        using var checking = Check(out var target, rise: 1, fall: 1);
        Until(() => !target.IsHealthy, "the target is out");
        _server.Answer(answer);
        Until(() => target.IsHealthy, "the target is back");
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nX: ")]
    [InlineData("HTTP/1.1 102 Processing\r\n\r\n")]
    public void Answer_that_takes_too_long_is_no_health(string start)
    {
        // Sent again and again, never at an end: each step is in time, and the whole is not.
        _server.Drip(start);
        using var checking = Check(out var target, rise: 1, fall: 1, timeout: 200);
        Until(() => !target.IsHealthy, "the target is out");
    }

    [Fact]
    public void Server_that_refuses_is_out()
    {
        _server.Dispose();
        using var checking = Check(out var target, rise: 1, fall: 2);
        Until(() => !target.IsHealthy, "the target is out");
    }

    [Fact]
    public void Checks_end_with_the_checker()
    {
        var checking = Check(out _, rise: 1, fall: 1);
        Until(() => _server.Asked > 0, "a check");
        checking.Dispose();
        OnReactor(() => 0);
        var asked = _server.Asked;
        Thread.Sleep(250);
        Assert.InRange(_server.Asked, asked, asked + 1);
    }

    [Theory]
    [InlineData("/healthz", true)]
    [InlineData("/h?deep=1&x=%20", true)]
    [InlineData("healthz", false)]
    [InlineData("", false)]
    [InlineData("/a b", false)]
    [InlineData("/a\r\nEvil: b", false)]
    [InlineData("/a#b", false)]
    [InlineData("/é", false)]
    public void Path_is_one_that_can_be_asked_for(string path, bool isGood)
    {
        var faults = new Faults();
        new HealthConfig { Path = path }.Check(faults);
        Assert.Equal(isGood ? [] : ["path"], faults.Settings);
    }

    private HealthChecker Check(out Target target, int rise, int fall, int timeout = 10_000)
    {
        target = new Target("t", _server.Endpoint, 1, ClientTimeouts.Default, 1);
        var config = new HealthConfig
        {
            Path = "/healthz?x",
            Every = TimeSpan.FromMilliseconds(50),
            Timeout = TimeSpan.FromMilliseconds(timeout),
            Rise = rise,
            Fall = fall,
        };
        var checker = new HealthChecker([target], config, _group.Reactors[0]);
        checker.Start();
        return checker;
    }

    private void OnReactor(Func<int> function)
    {
        using var done = new ManualResetEventSlim();
        _group.Reactors[0].Post(_ =>
        {
            function();
            done.Set();
        }, null);
        Assert.True(done.Wait(Limit));
    }

    private static void Until(Func<bool> condition, string what) =>
        Assert.True(SpinWait.SpinUntil(condition, Limit), $"Expected within {Limit.TotalSeconds} s: {what}.");

    private sealed class Faults : IFaultSink
    {
        public List<string> Settings { get; } = [];

        public void Report(string setting, string message) => Settings.Add(setting);
    }

    /// <summary>Reads a head, answers what it was told to, and closes; or says a thing over and over.</summary>
    private sealed class Answering : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly ConcurrentBag<Socket> _open = [];
        private readonly Thread _thread;
        private volatile string _answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        private volatile bool _drips;
        private int _asked;

        public Answering()
        {
            _listener.Start();
            Endpoint = new Endpoint(IpAddress.FromV4(0x7F000001), (ushort)((IPEndPoint)_listener.LocalEndpoint).Port);
            _thread = new Thread(Accept) { IsBackground = true };
            _thread.Start();
        }

        public Endpoint Endpoint { get; }

        public int Asked => Volatile.Read(ref _asked);

        public string LastHead { get; private set; } = "";

        public int Answer(string answer)
        {
            _answer = answer;
            return Asked;
        }

        public void Drip(string piece)
        {
            _answer = piece;
            _drips = true;
        }

        public void Dispose()
        {
            _drips = false;
            _listener.Stop();
            foreach (var socket in _open)
                socket.Dispose();
            _thread.Join();
        }

        private void Accept()
        {
            try
            {
                while (true)
                {
                    var socket = _listener.AcceptSocket();
                    _open.Add(socket);
                    ThreadPool.UnsafeQueueUserWorkItem(_ => Serve(socket), null);
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // Stopped.
            }
        }

        private void Serve(Socket socket)
        {
            try
            {
                using (socket)
                {
                    var buffer = new byte[4096];
                    var head = "";
                    while (!head.Contains("\r\n\r\n", StringComparison.Ordinal))
                    {
                        var count = socket.Receive(buffer);
                        if (count == 0)
                            return;
                        head += Encoding.ASCII.GetString(buffer, 0, count);
                    }
                    LastHead = head;
                    Interlocked.Increment(ref _asked);
                    socket.Send(Encoding.ASCII.GetBytes(_answer));
                    while (_drips && !(socket.Poll(20_000, SelectMode.SelectRead) && socket.Available == 0))
                    {
                        if (_answer.Length > 0)
                            socket.Send(Encoding.ASCII.GetBytes(_answer));
                    }
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The prober has gone.
            }
        }
    }
}
