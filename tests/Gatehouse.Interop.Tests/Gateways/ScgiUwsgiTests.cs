using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;

namespace Gatehouse.Interop.Tests.Gateways;

/// <summary>An SCGI server and real uWSGI: the same request, the same variables, the same bodies.</summary>
public sealed class ScgiUwsgiTests(ScgiUwsgiServer peers) : IClassFixture<ScgiUwsgiServer>
{
    [Theory]
    [InlineData("/scgi")]
    [InlineData("/uwsgi")]
    [InlineData("/streamed/scgi")]
    [InlineData("/streamed/uwsgi")]
    public void An_application_sees_the_request(string prefix)
    {
        foreach (var length in new[] { 0, 10, 20_000, 2_000_000 })
        {
            var body = Noise.Bytes(length);
            var answer = peers.Served.Send("PUT", $"{prefix}/a%20b?c=d", body, "X-Header: value", "Proxy: evil", "Content-Type: text/x");
            Assert.Equal((200, "application/json"), (answer.Status, answer["Content-Type"]));
            var seen = JsonDocument.Parse(answer.Text).RootElement;
            Assert.Equal((length, Convert.ToHexStringLower(SHA256.HashData(body))), (seen.GetProperty("length").GetInt32(), seen.GetProperty("sha256").GetString()));
            var variables = seen.GetProperty("variables");
            string? Of(string name) => variables.TryGetProperty(name, out var value) ? value.GetString() : null;
            Assert.Equal(
                ["PUT", prefix, "/a b", "c=d", $"{prefix}/a%20b?c=d", "value", "text/x", "127.0.0.1", "HTTP/1.1", "test.example", $"{peers.Served.Port}", null],
                new[] { "REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "REQUEST_URI", "HTTP_X_HEADER", "CONTENT_TYPE", "REMOTE_ADDR", "SERVER_PROTOCOL", "SERVER_NAME", "SERVER_PORT", "HTTP_PROXY" }.Select(Of));
        }
    }

    [Theory]
    [InlineData("/scgi")]
    [InlineData("/uwsgi")]
    public void Status_and_streams_pass(string prefix)
    {
        Assert.Equal(404, peers.Served.Get($"{prefix}/status").Status);
        using var client = peers.Served.Connect();
        var started = Stopwatch.GetTimestamp();
        client.Send(Served.Head("GET", $"{prefix}/slow"));
        client.ReadThrough("part 0\n"u8);
        var first = Stopwatch.GetElapsedTime(started);
        client.ReadThrough("part 2\n"u8);
        Assert.InRange(Stopwatch.GetElapsedTime(started) - first, TimeSpan.FromMilliseconds(150), Served.Patience);
    }

    [Theory]
    [InlineData("/gone/scgi/x", 503)]
    [InlineData("/gone/uwsgi/x", 503)]
    [InlineData("/scgi/silent", 502)]
    public void Failures_have_their_status(string target, int status) => Assert.Equal(status, peers.Served.Get(target).Status);

    [Fact]
    public void A_local_redirect_is_answered_as_a_GET_of_its_target()
    {
        var answer = peers.Served.Send("POST", "/scgi/local", "body"u8);
        var variables = JsonDocument.Parse(answer.Text).RootElement.GetProperty("variables");
        Assert.Equal(
            ("GET", "/landed", "by=redirect", "0"),
            (variables.GetProperty("REQUEST_METHOD").GetString(), variables.GetProperty("PATH_INFO").GetString(), variables.GetProperty("QUERY_STRING").GetString(), variables.GetProperty("CONTENT_LENGTH").GetString()));
    }

    [Fact]
    public void Variables_beyond_a_uwsgi_packet_are_431()
    {
        var field = $"X-Long: {new string('x', 70_000)}";
        Assert.Equal(200, peers.Served.Get("/scgi/x", field).Status);
        Assert.Equal(431, peers.Served.Get("/uwsgi/x", field).Status);
    }
}
