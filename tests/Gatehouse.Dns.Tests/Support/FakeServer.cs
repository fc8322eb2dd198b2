using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Dns.Tests.Support;

/// <summary>A name server over UDP and TCP on one free port, which answers what the test says, right or wrong. Its sockets share nothing with the code under test.</summary>
internal sealed class FakeServer : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _tcp = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private int _udpQueries;
    private int _tcpQueries;
    private int _connections;

    public FakeServer()
    {
        while (true)
        {
            Port = (ushort)Testing.FreePort.Tcp();
            try
            {
                _udp.Bind(new IPEndPoint(IPAddress.Loopback, Port));
                break;
            }
            catch (SocketException)
            {
                // Taken for UDP: another one.
            }
        }
        _tcp.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        _tcp.Listen(16);
        _ = ServeUdpAsync();
        _ = AcceptAsync();
    }

    public ushort Port { get; }

    public Endpoint Endpoint => new(IpAddress.Parse("127.0.0.1"), Port);

    /// <summary>The datagrams that answer one; none is silence.</summary>
    public Func<byte[], IEnumerable<byte[]>> Udp { get; set; } = static _ => [];

    /// <summary>The bytes that answer a message over TCP, with their length in front where it shall have one; null closes the connection.</summary>
    public Func<byte[], byte[]?> Tcp { get; set; } = static _ => null;

    /// <summary>Bytes of an answer over TCP that go at a time; 0 for all.</summary>
    public int Drip { get; set; }

    public int UdpQueries => Volatile.Read(ref _udpQueries);

    public int TcpQueries => Volatile.Read(ref _tcpQueries);

    public int Connections => Volatile.Read(ref _connections);

    public static byte[] Framed(byte[] message)
    {
        var framed = new byte[message.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)message.Length);
        message.CopyTo(framed, 2);
        return framed;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _udp.Dispose();
        _tcp.Dispose();
        _stop.Dispose();
    }

    private async Task ServeUdpAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var received = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                Interlocked.Increment(ref _udpQueries);
                foreach (var answer in Udp(buffer[..received.ReceivedBytes]))
                    await _udp.SendToAsync(answer, received.RemoteEndPoint, _stop.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var connection = await _tcp.AcceptAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                _ = ServeAsync(connection);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        using var stream = new NetworkStream(connection, ownsSocket: true);
        try
        {
            var length = new byte[2];
            while (true)
            {
                await stream.ReadExactlyAsync(length, _stop.Token);
                var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(message, _stop.Token);
                Interlocked.Increment(ref _tcpQueries);
                if (Tcp(message) is not { } answer)
                    return;
                for (var at = 0; at < answer.Length; at += Math.Max(Drip, 1))
                {
                    await stream.WriteAsync(answer.AsMemory(at, Drip == 0 ? answer.Length : Math.Min(Drip, answer.Length - at)), _stop.Token);
                    if (Drip == 0)
                        break;
                    await Task.Delay(20, _stop.Token);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The test is over, or the client has gone.
        }
    }
}
