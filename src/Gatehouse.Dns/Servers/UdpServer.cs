using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns.Messages;

namespace Gatehouse.Dns.Servers;

/// <summary>
/// A server over UDP. Each datagram goes from a socket, and so a port, of its own with a random id and random capitals; what else arrives there is passed over
/// (RFC 5452). A cut answer, and a server that changes capitals, are asked again over TCP.
/// </summary>
internal sealed class UdpServer : NameServer
{
    // What a spoofer may send to one port before the query is taken elsewhere.
    private const int MaxMismatches = 64;

    private readonly QueryRandom _random = new();
    private readonly ServerOptions _options;
    private readonly Endpoint _endpoint;
    private readonly StreamServer _overTcp;

    internal UdpServer(Reactor reactor, ServerAddress address, ServerOptions options)
        : base(reactor, address.Text)
    {
        _options = options;
        _endpoint = new Endpoint(address.Addresses[0], address.Port);
        _overTcp = new StreamServer(reactor, address with { Protocol = ServerProtocol.Tcp }, options);
    }

    public override bool IsEncrypted => false;

    protected override int MaxOutstanding => _options.MaxOutstanding;

    protected override async ValueTask<ServerReply> AskAsync(ReadOnlyMemory<byte> query, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var wrong = "";
        for (var attempt = 0; attempt < _options.Attempts; attempt++)
        {
            var sent = SentQuery.Of(query, _random.NextUInt16(), _options.RandomCase ? _random : null);
            var buffer = Reactor.Buffers.Rent();
            try
            {
                var (count, mismatch) = await ExchangeAsync(sent, buffer, cancellation);
                if (mismatch is not null)
                    wrong = $"; what came instead was {mismatch}";
                if (count < 0 && mismatch is null)
                    continue;
                if (count < 0 || IsTruncated(buffer))
                    return await OverTcpAsync(query, started, cancellation);
                return new ServerReply(sent.Restore(buffer.AsSpan(0, count)), ServerProtocol.Udp, _endpoint) { Total = Stopwatch.GetElapsedTime(started) };
            }
            finally
            {
                Reactor.Buffers.Return(buffer);
            }
        }
        throw new DnsException(DnsFault.Timeout, string.Create(
            CultureInfo.InvariantCulture, $"{Name} did not answer {_options.Attempts} times within {_options.Timeout.TotalSeconds} s{wrong}"));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _overTcp.Dispose();
        base.Dispose(disposing);
    }

    private static bool IsTruncated(ReadOnlySpan<byte> reply) => DnsHeader.TryRead(reply, out var header) && header.IsTruncated;

    // Bytes of the answer in the buffer, or -1: then a mismatch says that answers come, but none that can be believed.
    private async ValueTask<(int Count, string? Mismatch)> ExchangeAsync(SentQuery sent, byte[] buffer, CancellationToken cancellation)
    {
        var until = Reactor.Now + (long)_options.Timeout.TotalMilliseconds;
        try
        {
            using var socket = UdpSocket.Connect(Reactor, _endpoint);
            await socket.SendAsync(sent.Message, cancellation: cancellation);
            string? capitals = null;
            for (var mismatches = 0; mismatches < MaxMismatches;)
            {
                socket.ReceiveTimeout = (int)Math.Max(1, until - Reactor.Now);
                var received = await socket.ReceiveAsync(buffer, cancellation);
                if (sent.Mismatch(buffer.AsSpan(0, received.Count)) is not { } mismatch)
                    return received.IsTruncated ? (-1, "a datagram that is too long") : (received.Count, null);
                mismatches++;
                if (mismatch.EndsWith("capitals", StringComparison.Ordinal))
                {
                    capitals = mismatch;
                    break;
                }
            }
            return (-1, capitals ?? "many datagrams that answer something else");
        }
        catch (TimeoutException)
        {
            return (-1, null);
        }
        catch (SocketException exception)
        {
            var reason = exception.SocketErrorCode == SocketError.ConnectionRefused ? "nobody listens there" : exception.Message;
            throw new DnsException(DnsFault.Network, $"{Name} cannot be asked over UDP: {reason}", exception);
        }
    }

    private async ValueTask<ServerReply> OverTcpAsync(ReadOnlyMemory<byte> query, long started, CancellationToken cancellation)
    {
        var reply = await _overTcp.QueryAsync(query, cancellation);
        return reply with { Total = Stopwatch.GetElapsedTime(started) };
    }
}
