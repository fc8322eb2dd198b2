using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Gatehouse.Http.Server.Tests.Support;

namespace Gatehouse.Http.Server.Tests;

/// <summary>
/// Thousands of clients that do anything at any time: whole and half requests, garbage, half-closes, resets, silence. Afterwards nothing may be left of them,
/// and every exchange that they used must serve plain requests as if new.
/// </summary>
public sealed class RandomClientTests
{
    private const int Sequences = 2000;

    private static readonly string[] Requests =
    [
        "GET /now HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /pool HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /late HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /large HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /throw HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /half HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /abort HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /tunnel HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
        "POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\n\r\n1234567890123456789012345678901234567890",
        "POST /poolread HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\n\r\n1234567890123456789012345678901234567890",
        "POST /leave HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\n\r\n1234567890123456789012345678901234567890",
        "POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\n\r\n1234567890123456789012345678901234567890",
        "POST /read HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n0123456789abcdef\r\n4\r\nmore\r\n0\r\n\r\n",
        "POST /poolread HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n1234567890",
        "POST /unread HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n0123456789abcdef\r\n0\r\nX: y\r\n\r\n",
        "HEAD /large HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /now HTTP/1.0\r\n\r\n",
        "GET /now HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n",
    ];

    [Theory]
    [InlineData("tcp", 1)]
    [InlineData("unix", 2)]
    [InlineData("memory", 3)]
    [InlineData("memory/7", 4)]
    public void Nothing_is_left_of_any_client(string wire, int seed)
    {
        var limits = new ServerLimits
        {
            HeadTime = TimeSpan.FromMilliseconds(300),
            BodyTime = TimeSpan.FromMilliseconds(300),
            KeepAlive = TimeSpan.FromMilliseconds(300),
            WriteTime = TimeSpan.FromMilliseconds(300),
            LingerTime = TimeSpan.FromMilliseconds(100),
        };
        using var server = new TestServer(wire, Handle, limits);
        var next = 0;
        var workers = Enumerable.Range(0, 6).Select(_ => Task.Run(
            () =>
            {
                int number;
                while ((number = Interlocked.Increment(ref next)) <= Sequences)
                    Misbehave(server, new Random(unchecked((seed * 1_000_003) + number)));
            },
            TestContext.Current.CancellationToken)).ToArray();
        Eventually.Ends(workers);
        server.WaitForConnections(0);
        // The listener is what remains.
        Eventually.True(() => server.OnReactor(() => server.Reactor.SourceCount) == 1, "every socket to be closed");
        server.Http.Limits = ServerLimits.Default;
        Serve(server);
    }

    private static async ValueTask Handle(Exchange exchange)
    {
        var path = exchange.Path();
        switch (path)
        {
            case "/now":
                await exchange.SendText(path);
                break;
            case "/pool":
                await Task.Yield();
                await exchange.SendText(path);
                break;
            case "/late":
                await Task.Delay(2);
                await exchange.SendText(path);
                break;
            case "/large":
                await exchange.SendAsync(new byte[300_000]);
                break;
            case "/stream":
                for (var i = 0; i < 20; i++)
                {
                    await exchange.WriteAsync(new byte[10_000]);
                    if (i % 7 == 0)
                        await Task.Yield();
                }
                break;
            case "/throw":
                throw new InvalidDataException(path);
            case "/half":
                await exchange.WriteText("half");
                throw new InvalidDataException(path);
            case "/abort":
                await Task.Yield();
                exchange.Abort();
                break;
            case "/tunnel":
                exchange.Response.Status = 101;
                var tunnel = await exchange.UpgradeAsync();
                var buffer = new byte[100];
                int count;
                while ((count = await tunnel.ReadAsync(buffer)) > 0 && buffer[0] != 'G')
                    await tunnel.WriteAsync(buffer.AsMemory(0, count));
                break;
            case "/poolread":
                await Task.Yield();
                await exchange.SendAsync(await exchange.ReadBody(9));
                break;
            case "/leave":
                // Leaves a read behind, and a write.
                _ = exchange.ReadAsync(new byte[10]).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
                _ = exchange.SendAsync(new byte[5000]).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
                break;
            case "/unread":
                await exchange.SendText(path);
                break;
            default:
                await exchange.SendAsync(await exchange.ReadBody(9));
                break;
        }
    }

    private static void Misbehave(TestServer server, Random random)
    {
        using var client = server.Connect();
        var socket = client.Socket;
        socket.SendTimeout = socket.ReceiveTimeout = 20;
        var buffer = new byte[random.Next(3) == 0 ? 100_000 : 500];
        try
        {
            for (var step = random.Next(1, 8); step > 0; step--)
            {
                switch (random.Next(12))
                {
                    case 0:
                        client.Reset();
                        return;
                    case 1:
                        socket.Shutdown(SocketShutdown.Send);
                        break;
                    case 2:
                        var garbage = new byte[random.Next(1, 60)];
                        random.NextBytes(garbage);
                        socket.Send(garbage);
                        break;
                    case 3 or 4:
                        socket.Receive(buffer);
                        break;
                    case 5:
                        Thread.Sleep(random.Next(3));
                        break;
                    case 6:
                        var part = Encoding.ASCII.GetBytes(Requests[random.Next(Requests.Length)]);
                        socket.Send(part, 0, random.Next(1, part.Length), SocketFlags.None);
                        break;
                    default:
                        var some = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Requests[random.Next(Requests.Length)]);
                        socket.Send(Encoding.ASCII.GetBytes(string.Concat(some)));
                        break;
                }
            }
            if (random.Next(2) == 0)
                client.Reset();
        }
        catch (SocketException)
        {
            // The server has ended the connection, or waits for the rest.
        }
    }

    // More clients at once than there were exchanges, each of which must find its own request and body.
    private static void Serve(TestServer server)
    {
        var clients = Enumerable.Range(0, 60).Select(_ => server.Connect()).ToArray();
        for (var round = 0; round < 5; round++)
        {
            for (var i = 0; i < clients.Length; i++)
            {
                var target = i % 2 == 0 ? "/poolread" : "/read";
                clients[i].Send($"POST {target} HTTP/1.1\r\nHost: a\r\nContent-Length: 31\r\n\r\nbody of {i.ToString("000", CultureInfo.InvariantCulture)}");
            }
            for (var i = 0; i < clients.Length; i++)
                clients[i].Send($" in round {round.ToString("0000", CultureInfo.InvariantCulture)} and 1");
            for (var i = 0; i < clients.Length; i++)
            {
                var response = clients[i].ReadResponse();
                Assert.Equal(200, response.Status);
                Assert.StartsWith($"body of {i:000} in round {round:0000}", response.Text, StringComparison.Ordinal);
            }
        }
    }
}
