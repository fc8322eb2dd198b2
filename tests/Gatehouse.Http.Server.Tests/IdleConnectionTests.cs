using System.Globalization;
using System.Net.Sockets;
using Gatehouse.Http.Server.Tests.Support;

namespace Gatehouse.Http.Server.Tests;

/// <summary>10,000 idle connections: each costs little, and others are served meanwhile.</summary>
public sealed class IdleConnectionTests
{
    private const int Wanted = 10_000;

    [Fact]
    public void Idle_connections_are_cheap()
    {
        // Both ends are in this process.
        var count = Math.Min(Wanted, (DescriptorLimit() - 500) / 2);
        Assert.SkipUnless(count >= 1000, $"RLIMIT_NOFILE is too low to hold {Wanted} connections.");
        using var server = new TestServer("unix", exchange => exchange.SendText("x"));
        Assert.Equal("x", server.Get().Text);
        server.WaitForConnections(0);
        var clients = new Socket[count];
        var endpoint = new UnixDomainSocketEndPoint(server.Endpoint.UnixPath!);
        var request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray();
        var answer = new byte[1000];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < count; i++)
        {
            clients[i] = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };
            clients[i].Connect(endpoint);
            clients[i].Send(request);
            Assert.True(clients[i].Receive(answer) > 0);
        }
        server.WaitForConnections(count);
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / count;
        // The client's own socket is part of it.
        Assert.True(each < 2048, $"An idle connection costs {each} bytes.");
        Assert.Equal("x", server.Get().Text);
        foreach (var client in clients)
            client.Dispose();
        server.WaitForConnections(0);
    }

    private static int DescriptorLimit()
    {
        var line = File.ReadLines("/proc/self/limits").First(text => text.StartsWith("Max open files", StringComparison.Ordinal));
        var soft = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : int.MaxValue;
    }
}
