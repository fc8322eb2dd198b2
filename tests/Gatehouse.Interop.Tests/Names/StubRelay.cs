using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Interop.Tests.Names;

/// <summary>A relay of anonymized DNSCrypt over UDP: takes its header off, sends the rest on, and brings the answer back.</summary>
internal sealed class StubRelay : IDisposable
{
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly Task _task;
    private int _relayed;

    public StubRelay() => _task = RunAsync();

    public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

    public int Relayed => Volatile.Read(ref _relayed);

    public void Dispose()
    {
        _socket.Dispose();
        _task.Wait(TimeSpan.FromSeconds(10));
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync();
                var packet = received.Buffer;
                if (packet.Length < 28 || !packet.AsSpan(0, 10).SequenceEqual(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 0, 0 }))
                    continue;
                Interlocked.Increment(ref _relayed);
                var server = new IPEndPoint(new IPAddress(packet.AsSpan(10, 16)).MapToIPv4(), BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(26)));
                using var onward = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
                await onward.SendAsync(packet.AsMemory(28), server);
                var answer = await onward.ReceiveAsync().WaitAsync(TimeSpan.FromSeconds(10));
                await _socket.SendAsync(answer.Buffer, received.RemoteEndPoint);
            }
        }
        catch (Exception exception) when (exception is ObjectDisposedException or SocketException or TimeoutException)
        {
            // The end of the test.
        }
    }
}
