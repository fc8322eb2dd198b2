using System.Diagnostics;

namespace Gatehouse.Interop.Tests.Proxying;

/// <summary>Upstreams that misbehave: each gives the client an honest answer or a broken connection, leaves a reason in the log, and harms no other request.</summary>
public sealed class BadUpstreamTests(BadUpstreamServer bad) : IClassFixture<BadUpstreamServer>
{
    private readonly Served _served = bad.Served;

    [Theory]
    [InlineData("/close-at-once", 502, "before the first byte of a response")]
    [InlineData("/close-in-head", 502, "inside the response's head")]
    [InlineData("/reset", 502, "before the first byte of a response")]
    [InlineData("/garbage", 502, "malformed response")]
    [InlineData("/binary", 502, "malformed response")]
    [InlineData("/http2", 502, "inside the response's head")]
    [InlineData("/bad-field", 502, "malformed response")]
    [InlineData("/bare-cr", 502, "malformed response")]
    [InlineData("/two-lengths", 502, "malformed response")]
    [InlineData("/length-and-chunked", 502, "malformed response")]
    [InlineData("/negative-length", 502, "malformed response")]
    [InlineData("/unknown-coding", 502, "malformed response")]
    [InlineData("/endless-head", 502, "malformed response")]
    [InlineData("/many-fields", 502, "malformed response")]
    [InlineData("/never", 504, "sent no response within 0.5 s")]
    [InlineData("/half-head", 504, "sent no response within 0.5 s")]
    public void A_response_that_is_none_is_reported(string target, int status, string reason)
    {
        var answer = _served.Get(target);
        Assert.Equal(status, answer.Status);
        Assert.DoesNotContain("X-Injected", answer.Fields.Select(field => field.Key));
        _served.Process.WaitForOutput(reason);
        Assert.Equal("fine", _served.Get("/fine").Text);
    }

    [Theory]
    [InlineData("/cut")]
    [InlineData("/cut-chunked")]
    [InlineData("/cut-in-chunk-size")]
    [InlineData("/bad-chunk")]
    [InlineData("/reset-in-body")]
    [InlineData("/stalls")]
    public void A_body_that_breaks_off_is_never_passed_off_as_whole(string target)
    {
        using var client = _served.Connect();
        client.Send(Served.Head("GET", target));
        var wire = System.Text.Encoding.Latin1.GetString(client.ReadToEnd(allowReset: true));
        // The head may have gone out before the fault; then the body is shorter than announced or its last chunk is missing.
        if (wire.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)) Assert.DoesNotContain("\r\n0\r\n", wire, StringComparison.Ordinal);
        else Assert.Matches("^$|^HTTP/1.1 50[24]", wire);
        var curl = PeerProcess.Run("curl", ["-sS", "--fail", "-o", "/dev/null", new Uri(_served.Root, target).ToString()]);
        Assert.True(curl.ExitCode is 18 or 22 or 52 or 56, $"found {curl.ExitCode}");
        Assert.Equal("fine", _served.Get("/fine").Text);
    }

    [Theory]
    [InlineData("/long")]
    [InlineData("/two-answers")]
    [InlineData("/answer-behind-204")]
    [InlineData("/answer-behind-304")]
    [InlineData("/long-head")]
    public void What_follows_a_response_reaches_nobody(string target)
    {
        using var client = _served.Connect();
        for (var i = 0; i < 3; i++)
        {
            var isHead = target == "/long-head";
            client.Send(Served.Head(isHead ? "HEAD" : "GET", target));
            var answer = client.ReadResponse(toHead: isHead);
            Assert.True(answer.Status is 200 or 204 or 304, $"found {answer.Status}");
            Assert.DoesNotContain("smuggled", answer.Text, StringComparison.Ordinal);
            client.Send(Served.Head("GET", "/fine"));
            Assert.Equal("fine", client.ReadResponse().Text);
        }
    }

    [Fact]
    public void A_response_that_ends_with_its_connection_is_whole()
    {
        foreach (var target in new[] { "/until-close", "/http-1.0", "/http-1.0-length", "/chunked-close" })
        {
            using var client = _served.Connect();
            for (var i = 0; i < 2; i++)
            {
                client.Send(Served.Head("GET", target));
                var answer = client.ReadResponse();
                Assert.Equal((200, "to the end", "HTTP/1.1"), (answer.Status, answer.Text, answer.Version));
            }
        }
    }

    [Fact]
    public void A_folded_field_becomes_one_line()
    {
        // RFC 9112 section 5.2: a gateway that takes obs-fold in a response replaces each with spaces.
        var answer = _served.Get("/folded");
        Assert.Equal((200, null), (answer.Status, answer["X-Injected"]));
        Assert.Matches("^1 +X-Injected: 1$", answer["X-A"]);
    }

    [Theory]
    [InlineData("/refuses-body")]
    [InlineData("/refuses-and-resets")]
    [InlineData("/refuses-and-waits")]
    [InlineData("/streamed/refuses-body")]
    [InlineData("/streamed/refuses-and-resets")]
    [InlineData("/streamed/refuses-and-waits")]
    public void An_answer_before_the_body_was_taken_still_arrives(string target)
    {
        // More than the sockets between hold, so that the target has not taken it all when it answers.
        using var client = _served.Connect();
        var body = Noise.Bytes(16 << 20);
        client.Send(Served.Head("POST", target, $"Content-Length: {body.Length}"));
        var sender = new Thread(() =>
        {
            try
            {
                client.Send(body);
            }
            catch (Exception e) when (e is System.Net.Sockets.SocketException or IOException or ObjectDisposedException)
            {
                // A client whose upload is no longer wanted may be cut off behind its answer.
            }
        });
        sender.Start();
        var answer = client.ReadResponse();
        Assert.Equal((413, "too large"), (answer.Status, answer.Text));
        client.Dispose();
        Assert.True(sender.Join(Served.Patience));
    }

    [Fact]
    public void A_refused_connection_is_502_at_once()
    {
        var clock = Stopwatch.StartNew();
        Assert.Equal(502, _served.Get("/refused/x").Status);
        Assert.Equal(502, _served.Send("POST", "/refused/x", "body"u8).Status);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 5);
        _served.Process.WaitForOutput("does not accept the connection");
    }

    [Fact]
    public void A_connection_that_is_not_made_in_time_is_504()
    {
        // A full accept queue: the kernel drops further handshakes, and nobody answers.
        using var full = new FullListener();
        using var served = Served.Start(Served.Proxy(full.Address, "timeouts: {connect: 300ms}"));
        var clock = Stopwatch.StartNew();
        Assert.Equal(504, served.Get("/").Status);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.2, 10);
        served.Process.WaitForOutput("did not accept the connection within 0.3 s");
    }

    [Fact]
    public void An_upstream_that_never_answers_costs_the_time_that_was_set()
    {
        var clock = Stopwatch.StartNew();
        Assert.Equal(504, _served.Get("/never").Status);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.45, 8);
    }
}
