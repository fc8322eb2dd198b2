using System.Text;
using Gatehouse.Http.Server.Tests.Support;

namespace Gatehouse.Http.Server.Tests;

/// <summary>A body that the handler leaves in <see cref="Response.Body"/> and the driver sends.</summary>
public sealed class DeferredBodyTests
{
    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void The_driver_sends_what_the_handler_left(string wire)
    {
        using var server = new TestServer(wire, async exchange =>
        {
            if (exchange.Path() == "/pool")
                await Task.Yield();
            exchange.Response.Status = exchange.Path() == "/wrong" ? 404 : 200;
            Encoding.ASCII.GetBytes($"body of {exchange.Path()}", exchange.Response.Body);
            if (exchange.Path() == "/throws")
                throw new InvalidDataException("on purpose");
        });
        var client = server.Connect();
        // One connection and one exchange: nothing of one body is left for the next.
        foreach (var (target, status, length) in new[] { ("/a-long-one", 200, 19), ("/pool", 200, 13), ("/wrong", 404, 14) })
        {
            client.Send($"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n");
            var response = client.ReadResponse();
            Assert.Equal((status, $"body of {target}"), (response.Status, response.Text));
            Assert.Equal($"{length}", response["Content-Length"]);
        }
        client.Send("GET /throws HTTP/1.1\r\nHost: a\r\n\r\n");
        var failed = client.ReadResponse();
        Assert.Equal(500, failed.Status);
        Assert.DoesNotContain("body of", failed.Text, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Wires.All), MemberType = typeof(Wires))]
    public void Who_refuses_a_large_body_unread_says_that_the_connection_ends(string wire)
    {
        using var server = new TestServer(wire, exchange =>
        {
            exchange.Response.Status = 413;
            return default;
        });
        var client = server.Connect();
        client.Send($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {1024 * 1024}\r\n\r\n");
        Assert.Equal("close", client.ReadResponse()["Connection"]);
        var small = server.Connect();
        small.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
        Assert.Null(small.ReadResponse()["Connection"]);
    }
}
