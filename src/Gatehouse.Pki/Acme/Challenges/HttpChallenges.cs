using System.Collections.Concurrent;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Pki.Names;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Pki.Acme.Challenges;

/// <summary>
/// Proofs by HTTP on port 80 (RFC 8555 section 8.3): what lies below /.well-known/acme-challenge/ while a challenge is under way. Shared by all reactors.
/// </summary>
public sealed class HttpChallenges : IChallengeSolver
{
    private readonly ConcurrentDictionary<string, byte[]> _proofs = new();
    private readonly ConcurrentDictionary<string, byte[]>.AlternateLookup<ReadOnlySpan<char>> _byToken;

    /// <summary>No proofs yet.</summary>
    public HttpChallenges() => _byToken = _proofs.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <inheritdoc/>
    public string Type => "http-01";

    private static ReadOnlySpan<byte> Folder => "/.well-known/acme-challenge/"u8;

    /// <inheritdoc/>
    public bool CanProve(CertificateName name, bool isWildcard) => !isWildcard;

    /// <inheritdoc/>
    public Task<IAsyncDisposable> PresentAsync(CertificateName name, string token, string keyAuthorization, CancellationToken cancellation)
    {
        _proofs[token] = Encoding.ASCII.GetBytes(keyAuthorization);
        return Task.FromResult<IAsyncDisposable>(new Proof(() =>
        {
            _proofs.TryRemove(token, out _);
            return default;
        }));
    }

    /// <summary>A handler that answers for proofs and leaves all else to <paramref name="inner"/>.</summary>
    public IHandler Before(IHandler inner) => new Handler(this, inner);

    private byte[]? Find(ReadOnlySpan<byte> path)
    {
        if (!path.StartsWith(Folder) || path.Length - Folder.Length is < 1 or > 128)
            return null;
        Span<char> token = stackalloc char[path.Length - Folder.Length];
        return Encoding.ASCII.TryGetChars(path[Folder.Length..], token, out var length) && _byToken.TryGetValue(token[..length], out var proof) ? proof : null;
    }

    private sealed class Handler(HttpChallenges challenges, IHandler inner) : IHandler
    {
        public ValueTask HandleAsync(Exchange exchange)
        {
            if (exchange.Request.Method != Method.Get || challenges.Find(exchange.Request.Path) is not { } proof)
                return inner.HandleAsync(exchange);
            exchange.Response.Headers.Add(KnownHeader.ContentType, "application/octet-stream"u8);
            return exchange.SendAsync(proof);
        }
    }
}
