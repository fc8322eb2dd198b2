using Gatehouse.Http;
using Gatehouse.Http.Client;
using Gatehouse.Http.Client.Http1;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;

namespace Gatehouse.Edge.Proxy;

/// <summary>
/// Raw bytes both ways after a switch of protocols (WebSocket and any other): two pumps, each of which owns a buffer only while it moves bytes. One side's
/// end is passed on as a half-close; the tunnel is over when both have ended, one broke, or both were silent for too long.
/// </summary>
internal sealed class ProxyTunnel : ITimerTarget
{
    private readonly Exchange _exchange;
    private readonly Http1ClientConnection _connection;
    private readonly BufferPool _buffers;
    private readonly ReactorTimer _timer;
    private readonly long _idle;

    private ProxyTunnel(Exchange exchange, Http1ClientConnection connection, TimeSpan idle)
    {
        _exchange = exchange;
        _connection = connection;
        _buffers = Reactor.Current!.Buffers;
        _timer = new ReactorTimer(Reactor.Current!, this);
        _idle = (long)idle.TotalMilliseconds;
    }

    /// <summary>Sends the head of the switch and moves bytes until the tunnel is over.</summary>
    public static async ValueTask RunAsync(Exchange exchange, Http1ClientConnection connection, TimeSpan idle)
    {
        var tunnel = new ProxyTunnel(exchange, connection, idle);
        var client = await exchange.UpgradeAsync();
        tunnel._timer.Arm(tunnel._idle);
        var up = tunnel.PumpUpAsync(client);
        await tunnel.PumpDownAsync(client);
        await up;
        tunnel._timer.Disarm();
        connection.Dispose();
    }

    void ITimerTarget.OnTimer()
    {
        _exchange.Notes.Failure ??= $"the tunnel was silent for {_idle / 1000} s";
        _connection.Dispose();
        _exchange.Abort();
    }

    private async Task PumpUpAsync(Duplex client)
    {
        try
        {
            while (true)
            {
                var buffer = _buffers.Rent();
                try
                {
                    int count;
                    while ((count = client.TryRead(buffer)) > 0)
                    {
                        _timer.Arm(_idle);
                        _connection.Output.Attach(buffer.AsMemory(0, count));
                        await _connection.FlushAsync();
                    }
                    if (count == 0)
                    {
                        _connection.ShutdownWrite();
                        return;
                    }
                }
                finally
                {
                    _buffers.Return(buffer);
                }
                await client.WaitToReadAsync();
            }
        }
        catch (Exception exception) when (exception is BadRequestException or ClientException)
        {
            _connection.Dispose();
        }
    }

    private async Task PumpDownAsync(Duplex client)
    {
        try
        {
            while (true)
            {
                var buffer = _buffers.Rent();
                try
                {
                    int count;
                    while ((count = _connection.TryReadTunnel(buffer)) > 0)
                    {
                        _timer.Arm(_idle);
                        await client.WriteAsync(buffer.AsMemory(0, count));
                    }
                    if (count == 0)
                    {
                        await client.ShutdownWriteAsync();
                        return;
                    }
                }
                finally
                {
                    _buffers.Return(buffer);
                }
                await _connection.WaitForTunnelAsync();
            }
        }
        catch (Exception exception) when (exception is BadRequestException or ClientException)
        {
            client.Abort();
        }
    }
}
