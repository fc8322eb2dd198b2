using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gatehouse.Net.Diagnostics;
using Gatehouse.Tools.Sockets;

namespace Gatehouse.Tools.Tests.Sockets;

public sealed class SocketTableTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void A_listener_and_a_connection_are_this_process(string address)
    {
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start(7);
        var port = (ushort)((IPEndPoint)listener.LocalEndpoint).Port;
        using var client = new TcpClient(address, port);
        using var server = listener.AcceptTcpClient();
        client.GetStream().Write(new byte[100]);
        SpinWait.SpinUntil(() => server.Available == 100, TimeSpan.FromSeconds(10));
        var table = new SocketTable(new SocketFilter(true, false, false, port));
        var listening = Assert.Single(table.Sockets, socket => socket.State == SocketState.Listen);
        Assert.Equal((0u, 7u), (listening.ReceiveQueue, listening.SendQueue));
        Assert.Contains(table.OwnersOf(listening), owner => owner.Id == Environment.ProcessId);
        var accepted = Assert.Single(table.Sockets, socket => socket.State == SocketState.Established && socket.Local.Port == port);
        Assert.Equal(100u, accepted.ReceiveQueue);
        Assert.Equal(((IPEndPoint)client.Client.LocalEndPoint!).Port, accepted.Remote.Port);
        Assert.True(accepted.RoundTrip > TimeSpan.Zero);
        Assert.Contains("listen", table.ToString(), StringComparison.Ordinal);
        Assert.Single(new SocketTable(new SocketFilter(true, false, true, port)).Sockets);
        var json = JsonDocument.Parse(table.ToJson()).RootElement;
        Assert.Equal(3, json.GetArrayLength());
        Assert.Equal("listen", json[0].GetProperty("state").GetString());
        Assert.Equal(Environment.ProcessId, json[0].GetProperty("processes")[0].GetProperty("pid").GetInt32());
    }

    [Fact]
    public void A_UDP_socket_is_open()
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = (ushort)((IPEndPoint)socket.Client.LocalEndPoint!).Port;
        var found = Assert.Single(new SocketTable(new SocketFilter(false, true, true, port)).Sockets);
        Assert.False(found.IsTcp);
        Assert.Equal($"127.0.0.1:{port}", found.Local.ToString());
    }
}
