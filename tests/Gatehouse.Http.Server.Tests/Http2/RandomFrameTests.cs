using Gatehouse.Http.Server.Tests.Support;

namespace Gatehouse.Http.Server.Tests.Http2;

/// <summary>
/// Frames in random order, right and wrong, against handlers of every kind: nothing escapes from the driver, every connection ends with its client, and the
/// server goes on.
/// </summary>
public sealed class RandomFrameTests
{
    private static readonly byte[] Body = ExchangeExtensions.Pattern(70_000);

    [Theory]
    [InlineData("tcp", 150)]
    [InlineData("memory", 150)]
    [InlineData("memory/7", 50)]
    public void Nothing_escapes(string wire, int connections)
    {
        using var server = new TestServer(wire, Handle, new ServerLimits { Streams = 4, BodyTime = TimeSpan.FromSeconds(1), WriteTime = TimeSpan.FromSeconds(2), LingerTime = TimeSpan.FromSeconds(1) });
        for (var seed = 0; seed < connections; seed++)
        {
            using var client = server.Connect();
            var random = new Random(seed);
            try
            {
                client.Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
                client.Send(Http2Client.Bytes(Http2Client.Settings, 0, 0, random.Next(2) == 0 ? [] : Http2Client.SettingBytes((4, (uint)random.Next(100_000)))));
                for (var i = 0; i < 60; i++)
                {
                    client.Send(Frame(random));
                    if (random.Next(20) == 0)
                        client.ReadFor(TimeSpan.FromMilliseconds(1));
                }
                switch (random.Next(4))
                {
                    case 0:
                        client.Reset();
                        break;
                    case 1:
                        client.HalfClose();
                        client.ReadFor(TimeSpan.FromMilliseconds(20));
                        break;
                    default:
                        client.ReadFor(TimeSpan.FromMilliseconds(5));
                        break;
                }
            }
            catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException)
            {
                // The server has ended the connection, as it may.
            }
        }
        server.WaitForConnections(0);
        var last = new Http2Client(server.Connect());
        last.SendRequest(1, "/send");
        Assert.Equal(200, last.Answer(1).Status);
    }

    private static byte[] Frame(Random random)
    {
        var stream = (2 * random.Next(12)) + 1;
        switch (random.Next(16))
        {
            case < 5:
                var ends = random.Next(2) == 0;
                var path = random.Next(7) switch { 0 => "/send", 1 => "/stream", 2 => "/read", 3 => "/wait", 4 => "/throw", 5 => "/half", _ => "/later" };
                return Http2Client.Request(stream, path, ends ? "GET" : "POST", random.Next(3) == 0 ? "expect=100-continue|priority=u=1, i" : "", ends);
            case < 8:
                return Http2Client.Bytes(Http2Client.Data, random.Next(3) == 0 ? 1 : 0, stream, new byte[random.Next(3000)]);
            case 8:
                return Http2Client.Bytes(Http2Client.RstStream, 0, stream, Http2Client.Word((uint)random.Next(14)));
            case 9:
                return Http2Client.Bytes(Http2Client.WindowUpdate, 0, random.Next(2) == 0 ? 0 : stream, Http2Client.Word((uint)random.Next(1, 60_000)));
            case 10:
                return Http2Client.Bytes(Http2Client.Settings, 0, 0, Http2Client.SettingBytes((4, (uint)random.Next(70_000))));
            case 11:
                return Http2Client.Bytes(Http2Client.Headers, 5, stream, Http2Client.Block("x-trailer=1"));
            case 12:
                return [.. Http2Client.Bytes(0x10, 0, 0, [0, 0, 0, (byte)stream, .. "u=2"u8]), .. Http2Client.Bytes(Http2Client.Ping, 0, 0, new byte[8])];
            case 13:
                return Http2Client.Bytes(Http2Client.Headers, 4, stream, Http2Client.Block(":method=CONNECT|:protocol=websocket|:scheme=http|:path=/tunnel|:authority=a"));
            case 14 when random.Next(10) == 0:
                var junk = new byte[random.Next(60)];
                random.NextBytes(junk);
                return junk;
            default:
                return Http2Client.Bytes((byte)random.Next(12), (byte)random.Next(64), random.Next(8), new byte[random.Next(12)]);
        }
    }

    private static async ValueTask Handle(Exchange exchange)
    {
        switch (exchange.Path())
        {
            case "/send":
                await exchange.SendAsync(Body.AsMemory(0, 100));
                break;
            case "/stream":
                for (var i = 0; i < 3; i++)
                    await exchange.WriteAsync(Body);
                break;
            case "/read":
                await exchange.SendAsync(await exchange.ReadBody(5000));
                break;
            case "/throw":
                await exchange.WriteText("begun");
                throw new InvalidOperationException("meant");
            case "/half":
                exchange.Response.ContentLength = 10;
                await exchange.WriteText("short");
                break;
            case "/later":
                await Task.Yield();
                exchange.Response.Trailers.Add("X-End"u8, "1"u8);
                await exchange.SendAsync(Body);
                break;
            case "/tunnel":
                exchange.Response.Status = exchange.Request.AsksUpgrade ? 101 : 404;
                if (!exchange.Request.AsksUpgrade)
                    break;
                var duplex = await exchange.UpgradeAsync();
                var buffer = new byte[1000];
                for (int count; (count = await duplex.ReadAsync(buffer)) > 0;)
                    await duplex.WriteAsync(buffer.AsMemory(0, count));
                break;
            default:
                await Task.Delay(TimeSpan.FromSeconds(1), exchange.Aborted);
                break;
        }
    }
}
