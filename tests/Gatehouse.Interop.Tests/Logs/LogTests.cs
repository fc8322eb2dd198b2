using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gatehouse.Interop.Tests.Logs;

/// <summary>The access log of the built program: where it goes, and that a destination that fails costs nobody an answer.</summary>
public sealed class LogTests
{
    [Fact]
    public void A_full_disk_under_the_log_costs_no_request_and_is_said_once()
    {
        using var served = Served.Start(Logged("{file: /dev/full}"));
        for (var i = 0; i < 200; i++) Assert.Equal("hello", served.Get("/").Text);
        served.Process.WaitForOutput("No space left on device");
        for (var i = 0; i < 200; i++) Assert.Equal("hello", served.Get("/").Text);
        Assert.Equal(2, served.Process.Error.Split("cannot be written").Length);
        var ended = served.Process.Stop();
        Assert.Contains("400 were lost in all", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public void Lines_reach_a_collector_as_syslog(string transport)
    {
        using var collector = new Collector(transport == "tcp");
        using var served = Served.Start(Logged($"{{syslog: \"{transport}://127.0.0.1:{collector.Port}\", format: \"$method $target $status $bytes\"}}"));
        Assert.Equal("hello", served.Get("/a?b").Text);
        Assert.Matches(@"<190>1 \d{4}-\d\d-\d\dT[0-9:.]+Z [!-~]+ gatehouse \d+ access - GET /a\?b 200 5$", collector.Receive());
    }

    [Fact]
    public void A_line_tells_what_was_sent_also_of_pages_that_the_server_makes()
    {
        using var served = Served.Start("""
            sites:
              - log: {file: access.log, format: "$target $status $bytes $failure"}
                routes:
                  - {match: /gone, respond: {status: 410}}
                  - {match: /down, proxy: {to: ["127.0.0.1:1"]}}
            """);
        int[] sizes = [.. new[] { "/gone", "/down", "/none" }.Select(target => served.Get(target).Body.Length)];
        served.Process.Stop();
        // Each reactor hands its own lines over.
        string[] lines = [.. File.ReadAllLines(served.Folder["access.log"]).Order(StringComparer.Ordinal)];
        Assert.All(sizes, size => Assert.NotEqual(0, size));
        Assert.Equal([$"/down 502 {sizes[1]} 127.0.0.1:1 does not accept the connection: Connection refused (errno 111)", $"/gone 410 {sizes[0]} -", $"/none 404 {sizes[2]} -"], lines);
    }

    [Fact]
    public void A_request_has_one_identity_from_client_to_upstream_and_log()
    {
        using var upstream = ScriptedUpstream.Answering(request => Answer.Ok($"{request["X-Request-ID"]} {request["traceparent"]}"));
        using var served = Served.Start($$$"""
            sites:
              - request-id: on
                log: {file: access.log, format: "$request-id $trace-id"}
                routes: [{match: /*, proxy: {to: ["{{{upstream.Address}}}"]}}]
            """);
        var answer = served.Get("/");
        var id = answer["X-Request-ID"];
        var seen = answer.Text.Split(' ');
        Assert.Equal(id, seen[0]);
        served.Process.Stop();
        Assert.Equal($"{id} {seen[1].Split('-')[1]}", Assert.Single(File.ReadAllLines(served.Folder["access.log"])));
    }

    private static string Logged(string log) => $"sites: [{{log: {log}, routes: [{{match: /*, respond: hello}}]}}]";

    private sealed class Collector : IDisposable
    {
        private readonly Socket _socket;
        private readonly bool _isTcp;

        public Collector(bool isTcp)
        {
            _isTcp = isTcp;
            _socket = isTcp ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) : new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            _socket.ReceiveTimeout = (int)Served.Patience.TotalMilliseconds;
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            if (isTcp) _socket.Listen();
        }

        public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

        // Over TCP a message follows its length (RFC 6587, section 3.4.1).
        public string Receive()
        {
            var buffer = new byte[4096];
            if (!_isTcp) return Encoding.ASCII.GetString(buffer, 0, _socket.Receive(buffer));
            Assert.True(_socket.Poll(Served.Patience, SelectMode.SelectRead));
            using var connection = _socket.Accept();
            connection.ReceiveTimeout = _socket.ReceiveTimeout;
            var text = "";
            while (true)
            {
                var count = connection.Receive(buffer);
                Assert.NotEqual(0, count);
                text += Encoding.ASCII.GetString(buffer, 0, count);
                var space = text.IndexOf(' ', StringComparison.Ordinal);
                if (space < 0) continue;
                var length = int.Parse(text[..space], System.Globalization.CultureInfo.InvariantCulture);
                if (text.Length >= space + 1 + length) return text.Substring(space + 1, length);
            }
        }

        public void Dispose() => _socket.Dispose();
    }
}
