using Gatehouse.Net.Interop;

namespace Gatehouse.Net.Tls;

/// <summary>How a TLS server behaves. Each default says where it comes from.</summary>
public sealed record TlsServerOptions
{
    /// <summary>The sites. The first is for clients that ask for no name, or for one that no site has.</summary>
    public required IReadOnlyList<TlsSite> Sites { get; init; }

    /// <summary>
    /// True refuses a client that asks for a name which no site has (alert unrecognized_name); false, the default, serves it with the first site's
    /// certificate, which it will find wrong by itself. A client that asks for none gets the first site either way.
    /// </summary>
    public bool RefuseUnknownNames { get; init; }

    /// <summary>The protocols that are spoken, the preferred in front; a client that offers none of them is refused (RFC 7301 section 3.2).</summary>
    public IReadOnlyList<string> Protocols { get; init; } = ["http/1.1"];

    /// <summary>What tickets are sealed with; null for no tickets. Shared by the servers that may resume each other's sessions.</summary>
    public TlsTicketKeys? TicketKeys { get; init; }

    /// <summary>Tickets after a full handshake of TLS 1.3: OpenSSL's and nginx's 2, one for each of two connections that a browser opens next.</summary>
    public int Tickets { get; init; } = 2;

    /// <summary>For how long a session can be resumed. RFC 8446 section 4.6.1 allows 7 days; forward secrecy asks for less.</summary>
    public TimeSpan TicketTime { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Whether TLS 1.2 is spoken besides 1.3.</summary>
    public bool AllowTls12 { get; init; } = true;

    /// <summary>How long a handshake may take; Kestrel has 10 s, nginx 60 s.</summary>
    public TimeSpan HandshakeTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Handshakes that may be under way at once; a further connection is closed as it comes.</summary>
    public int MaxHandshakes { get; init; } = 10_000;

    /// <summary>What a client gets that speaks HTTP without TLS; empty closes without a word.</summary>
    public ReadOnlyMemory<byte> PlainHttpAnswer { get; init; }

    /// <summary>A context with these settings and no certificate.</summary>
    internal SslContext NewContext()
    {
        var context = SslContext.ForServer();
        context.SetTickets(TicketKeys is null ? 0 : Tickets, TicketTime);
        if (!AllowTls12)
            context.SetVersions(SslConstants.Tls13, SslConstants.Tls13);
        return context;
    }
}
