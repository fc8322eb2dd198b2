namespace Gatehouse.Net.Tls;

/// <summary>
/// Picks the certificate that a server presents for a name. Asked in every full handshake, so a source changes a certificate by answering with another
/// object from then on: new handshakes get it, connections that stand are left alone. Implementations are shared by all reactors.
/// </summary>
public interface ICertificateSource
{
    /// <summary>
    /// The certificate for <paramref name="serverName"/>; null when there is none and none can be made, which the client is told by an alert.
    /// Called on a reactor in the middle of a handshake: what is in memory is answered at once (a completed task), and nothing blocks. A certificate that
    /// is still being made is a task that completes with it; the handshake waits for as long as its own time-out allows. The same certificate is
    /// the same object each time: its prepared form is kept by reference.
    /// </summary>
    /// <param name="serverName">
    /// The name that the client asked for (SNI), in lower case, as A-labels and without a final dot. Where it asked for none, or for one that
    /// no site has: the first name of the default site, or the local address as text when a site is named so. What the client asked for when the default
    /// site has no name; empty when it asked for none either.
    /// </param>
    ValueTask<TlsCertificate?> FindAsync(string serverName);

    /// <summary>
    /// The certificate that proves control of <paramref name="serverName"/> to an ACME server that connects with ALPN acme-tls/1 (RFC 8737); null when no
    /// such proof is under way, and then the handshake is refused. From memory, without blocking.
    /// </summary>
    TlsCertificate? FindChallenge(string serverName) => null;
}
