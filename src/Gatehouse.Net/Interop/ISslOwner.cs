namespace Gatehouse.Net.Interop;

/// <summary>Who decides for a connection in the middle of its handshake. Called back by libssl, on the reactor; must not throw.</summary>
internal interface ISslOwner
{
    /// <summary>
    /// The client's hello is there: gives the connection a context with a certificate (<see cref="SslConnection.Use"/>) and answers
    /// <see cref="SslConstants.HelloProceed"/>; or has it wait, to be asked again; or refuses it with an alert.
    /// </summary>
    /// <param name="serverName">The content of the server_name extension; empty without one.</param>
    /// <param name="protocols">The protocols of the ALPN extension, each after its length; empty without one.</param>
    /// <param name="alert">The alert of a refusal.</param>
    int OnClientHello(ReadOnlySpan<byte> serverName, ReadOnlySpan<byte> protocols, out int alert);

    /// <summary>Picks one of the protocols that the client offers (each after its length): where its name starts, or -1 when none is spoken here.</summary>
    int PickProtocol(ReadOnlySpan<byte> offered);

    /// <summary>The OCSP response for the certificate in use; empty for none.</summary>
    ReadOnlySpan<byte> Staple { get; }

    /// <summary>The keys of tickets.</summary>
    SslTicketKeys? TicketKeys { get; }

    /// <summary>The server has given a session that can be resumed, now the owner's to keep or free. False leaves it to libssl.</summary>
    bool OnSession(nint session);
}
