using System.Net.WebSockets;

namespace Gatehouse.Interop.Tests.Gateways;

/// <summary>The examples of Python applications as they stand.</summary>
public sealed class ApplicationExampleTests
{
    [Fact]
    public void The_lectures_applications()
    {
        using var example = new Example("wsgi");
        Assert.Equal("Welcome to the machine\n", example.Get("/function").Text);
        Assert.Equal("Have a cigar\n", example.Get("/class").Text);
    }

    [Fact]
    public async Task An_asgi_application()
    {
        using var example = new Example("asgi");
        Assert.Equal("Hello from /a\n", example.Get("/a").Text);
        using var socket = new ClientWebSocket();
        using var limit = new CancellationTokenSource(Served.Patience);
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{example.Port}/"), limit.Token);
        await socket.SendAsync("echo"u8.ToArray(), WebSocketMessageType.Text, true, limit.Token);
        var buffer = new byte[10];
        Assert.Equal(4, (await socket.ReceiveAsync(buffer, limit.Token)).Count);
    }

    [Fact]
    public void A_program_that_speaks_HTTP()
    {
        using var example = new Example("run");
        Assert.Contains("gatehouse.yaml", example.Get("/").Text, StringComparison.Ordinal);
    }
}
