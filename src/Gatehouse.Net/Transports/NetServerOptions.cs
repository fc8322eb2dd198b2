using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tls;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Transports;

/// <summary>How a <see cref="NetServer"/> serves.</summary>
public sealed record NetServerOptions
{
    /// <summary>The reactors that accept and hold the connections; <see cref="ReactorGroup.Shared"/> when null.</summary>
    public ReactorGroup? Reactors { get; init; }

    /// <summary>How it listens.</summary>
    public ListenerOptions? Listener { get; init; }

    /// <summary>The server's side of TLS; null for connections without.</summary>
    public TlsServer? Tls { get; init; }

    /// <summary>Milliseconds that a read waits; 60,000 unless set.</summary>
    public int ReadTimeout { get; init; } = TransportStream.DefaultTimeout;

    /// <summary>Milliseconds that a write waits; 60,000 unless set.</summary>
    public int WriteTimeout { get; init; } = TransportStream.DefaultTimeout;

    /// <summary>The most connections at a time; one more is reset. 10,000 unless set.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Serves on the thread pool instead of the reactor, for code that blocks or computes.</summary>
    public bool OnThreadPool { get; init; }

    /// <summary>Told of the exception with which serving a connection ended, and the peer.</summary>
    public Action<Endpoint, Exception>? ConnectionFailed { get; init; }
}
