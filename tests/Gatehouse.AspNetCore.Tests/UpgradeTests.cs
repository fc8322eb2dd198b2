using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.AspNetCore.Tests;

/// <summary>Switches of protocol: Upgrade, WebSockets over HTTP/1.1 and over HTTP/2.</summary>
public sealed class UpgradeTests
{
    public static TheoryData<ServerKind> Kinds => TestApplication.Kinds;

    public static TheoryData<ServerKind, bool> Ways => BodyTests.KindsAndVersions;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_protocol_of_the_applications_own(ServerKind kind)
    {
        await using var app = await TestApplication.StartAsync(kind, app => app.MapGet("/", async (HttpContext context) =>
        {
            var feature = context.Features.Get<IHttpUpgradeFeature>()!;
            if (!feature.IsUpgradableRequest)
                return Results.BadRequest();
            context.Response.Headers.Upgrade = "shout";
            await using var stream = await feature.UpgradeAsync();
            var buffer = new byte[100];
            int count;
            while ((count = await stream.ReadAsync(buffer)) > 0)
                await stream.WriteAsync(Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(buffer, 0, count).ToUpperInvariant()));
            await stream.WriteAsync("bye"u8.ToArray());
            return Results.Empty;
        }));
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Client.GetAsync("/")).StatusCode);
        using var client = app.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: shout\r\n\r\nearly ");
        var head = Encoding.ASCII.GetString(client.ReadThrough("\r\n\r\n"u8));
        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        Assert.Contains("\r\nUpgrade: shout\r\n", head, StringComparison.Ordinal);
        client.ReadThrough("EARLY "u8);
        client.Send("late");
        client.ReadThrough("LATE"u8);
        client.HalfClose();
        Assert.Equal("bye", Encoding.ASCII.GetString(client.ReadToEnd()));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task WebSockets_echo(ServerKind kind, bool isHttp2)
    {
        await using var app = await TestApplication.StartAsync(kind, isHttp2, app =>
        {
            app.UseWebSockets();
            app.Map("/echo", async (HttpContext context) =>
            {
                Assert.Equal(isHttp2 ? "HTTP/2" : "HTTP/1.1", context.Request.Protocol);
                using var socket = await context.WebSockets.AcceptWebSocketAsync("chat");
                var buffer = new byte[200_000];
                while (true)
                {
                    var received = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
                    if (received.MessageType == WebSocketMessageType.Close)
                        break;
                    await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
                }
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "done", default);
            });
        });
        using var client = new ClientWebSocket();
        client.Options.AddSubProtocol("chat");
        if (isHttp2)
        {
            client.Options.HttpVersion = HttpVersion.Version20;
            client.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true },
        });
        var address = new UriBuilder(app.Address) { Scheme = isHttp2 ? "wss" : "ws", Path = "/echo" }.Uri;
        var cancellation = TestContext.Current.CancellationToken;
        await client.ConnectAsync(address, invoker, cancellation);
        Assert.Equal("chat", client.SubProtocol);
        foreach (var length in new[] { 0, 1, 125, 126, 70_000 })
        {
            var message = new byte[length];
            Random.Shared.NextBytes(message);
            await client.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, cancellation);
            var back = new byte[200_000];
            var count = 0;
            ValueWebSocketReceiveResult received;
            do
            {
                received = await client.ReceiveAsync(back.AsMemory(count), cancellation);
                count += received.Count;
            }
            while (!received.EndOfMessage);
            Assert.Equal(message, back[..count]);
        }
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, null, cancellation);
        Assert.Equal("done", client.CloseStatusDescription);
        Assert.Empty(app.Log.Errors);
    }
}
