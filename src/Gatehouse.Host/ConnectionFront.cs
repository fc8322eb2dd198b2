using Gatehouse.Config;
using Gatehouse.Http.Server;
using Gatehouse.Net.Tls;
using Gatehouse.Net.Transports;

namespace Gatehouse.Host;

/// <summary>What a connection passes between its listener and the HTTP server: the PROXY header of a trusted proxy, then TLS, each where the address says so.</summary>
internal sealed class ConnectionFront(HttpServer server, ServerEvents events)
{
    private readonly ProxyProtocolAcceptor?[] _proxied = new ProxyProtocolAcceptor?[2];
    private TlsAcceptor? _tls;

    /// <summary>Gets ready for the listeners of a configuration; what is in force does not change.</summary>
    public void Prepare(TlsServer? tls)
    {
        if (tls is not null)
            _tls ??= new TlsAcceptor(tls, server, events);
    }

    /// <summary>Who takes the connections of an address, which a configuration that was prepared for has.</summary>
    public IConnectionAcceptor For(ListenAddress address, ServerConfig config)
    {
        IConnectionAcceptor next = address.IsTls ? _tls! : server;
        if (!address.IsProxyProtocol)
            return next;
        ref var proxied = ref _proxied[address.IsTls ? 1 : 0];
        return proxied ??= new ProxyProtocolAcceptor(
            next, config.Trust, config.Timeouts.Handshake, (remote, reason) => events.OnRefused(remote, 0, reason));
    }

    /// <summary>Completes when no handshake is under way any more, each of which has a time limit of its own.</summary>
    public Task SettledAsync() => _tls?.SettledAsync() ?? Task.CompletedTask;

    /// <summary>Puts a configuration in force for connections accepted from now on.</summary>
    public void Apply(TlsServer? tls, ServerConfig config)
    {
        if (tls is not null)
            _tls!.Server = tls;
        foreach (var proxied in _proxied)
            proxied?.Change(config.Trust, config.Timeouts.Handshake);
    }
}
