using Gatehouse.Net.Interop;
using Gatehouse.Protocols.TlsHello;

namespace Gatehouse.Net.Tls;

/// <summary>
/// The client's side of TLS: settings and trust, prepared, and the sessions that can be resumed. Shared by all reactors.
/// </summary>
public sealed class TlsClient
{
    // Names with a session; a client of more servers than that resumes none of the rest.
    private const int MostNames = 1024;

    // Tickets of one name: as many as servers give after one handshake, and then some. Each is used once (RFC 8446 appendix C.4).
    private const int MostTickets = 4;

    private readonly Dictionary<string, Queue<SslSession>> _sessions = [];
    private readonly Lock _gate = new();

    /// <summary>Prepares a client.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A certificate or key cannot be used; the message says why.</exception>
    public TlsClient(TlsClientOptions? options = null)
    {
        Options = options ?? new TlsClientOptions();
        Context = SslContext.ForClient();
        if (!Options.AllowTls12)
            Context.SetVersions(SslConstants.Tls13, SslConstants.Tls13);
        if (Options.Authorities is null)
            Context.TrustSystem();
        else
            Context.Trust(Options.Authorities, tellClients: false);
        Context.VerifyServer(Options.Verify);
        if (Options.Certificate is { } certificate)
            Context.Use(certificate.Chain, certificate.PrivateKey.Span);
        if (Options.Protocols.Count > 0)
            Context.Offer(ProtocolList.Of([.. Options.Protocols]));
    }

    /// <summary>A client with the defaults: it verifies, and trusts what the system trusts.</summary>
    public static TlsClient Default => DefaultClient.Value;

    private static Lazy<TlsClient> DefaultClient { get; } = new(static () => new TlsClient());

    /// <summary>Its settings.</summary>
    public TlsClientOptions Options { get; }

    internal SslContext Context { get; }

    /// <summary>Keeps a session for the next connection to that name. False when there is no room, or none is wanted.</summary>
    internal bool Keep(string name, nint session)
    {
        if (!Options.Resume)
            return false;
        lock (_gate)
        {
            if (!_sessions.TryGetValue(name, out var kept))
            {
                if (_sessions.Count >= MostNames)
                    return false;
                _sessions.Add(name, kept = new Queue<SslSession>(MostTickets));
            }

            if (kept.Count == MostTickets)
                kept.Dequeue().Dispose();
            kept.Enqueue(new SslSession(session));
            return true;
        }
    }

    /// <summary>A session of that name, the caller's to dispose of; null when there is none.</summary>
    internal SslSession? Take(string name)
    {
        lock (_gate)
            return _sessions.TryGetValue(name, out var kept) && kept.TryDequeue(out var session) ? session : null;
    }
}
