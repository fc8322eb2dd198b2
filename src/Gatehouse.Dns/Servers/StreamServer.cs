using System.Diagnostics;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Dns.Servers;

/// <summary>
/// A server over TCP or TLS: one connection that is kept and carries many queries at a time, answered in any order (RFC 7766 section 6.2.1.1). A connection
/// that the server had closed meanwhile is made anew once.
/// </summary>
internal sealed class StreamServer : NameServer
{
    private readonly QueryRandom _random = new();
    private readonly ServerAddress _address;
    private readonly ServerOptions _options;
    private readonly ServerPlace _place;
    private readonly ServerTls? _tls;
    private StreamChannel? _channel;

    internal StreamServer(Reactor reactor, ServerAddress address, ServerOptions options)
        : base(reactor, address.Text)
    {
        _address = address;
        _options = options;
        _place = new ServerPlace(reactor, address, options);
        _tls = address.Protocol == ServerProtocol.Tls ? new ServerTls(address, options, []) : null;
    }

    public override bool IsEncrypted => _tls is not null;

    protected override int MaxOutstanding => _options.MaxOutstanding;

    protected override async ValueTask<ServerReply> AskAsync(ReadOnlyMemory<byte> query, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        for (var isAgain = false; ; isAgain = true)
        {
            if (_channel is not { IsUsable: true })
                _channel = new StreamChannel(Reactor, Name, _options, _random, _place, _tls);
            var channel = _channel;
            var isReused = channel.IsConnected;
            try
            {
                await channel.OpenAsync(cancellation);
                var connected = isReused ? TimeSpan.Zero : Stopwatch.GetElapsedTime(started);
                var message = await channel.QueryAsync(query, cancellation);
                return new ServerReply(message, _address.Protocol, channel.Endpoint)
                {
                    Tls = channel.Tls,
                    Connected = connected,
                    Total = Stopwatch.GetElapsedTime(started),
                    IsReused = isReused,
                };
            }
            catch (DnsException exception) when (exception.Fault == DnsFault.Network && isReused && !isAgain)
            {
                // The server may close a connection at rest at any moment (RFC 7766 section 6.2.4).
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _channel?.Close();
        base.Dispose(disposing);
    }
}
