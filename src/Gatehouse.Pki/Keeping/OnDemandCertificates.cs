using System.Collections.Concurrent;
using Gatehouse.Net.Tls;
using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Keeping;

/// <summary>
/// Certificates for names that nobody has listed: the first handshake for one asks a person's own service whether the name is welcome, and has a certificate
/// issued if so. A stranger who invents names costs no more than the limits here.
/// </summary>
public sealed class OnDemandCertificates : ICertificateSource
{
    // What was refused is not asked again for this long, and no more refusals are remembered than this.
    private static readonly TimeSpan RefusalTime = TimeSpan.FromMinutes(1);
    private const int MaxRefusals = 10_000;
    private const int MaxUnderWay = 16;

    private readonly CertificateKeeper _keeper;
    private readonly ICertificateIssuer _issuer;
    private readonly Func<string, CancellationToken, Task<bool>> _ask;
    private readonly TimeSpan _askLimit;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _refused = new();
    private readonly ConcurrentDictionary<string, Task<TlsCertificate?>> _underWay = new();
    private readonly Queue<DateTimeOffset> _issued = new();
    private readonly int _perHour;

    /// <summary>A source.</summary>
    /// <param name="keeper">Keeps what is issued, and knows what is listed.</param>
    /// <param name="issuer">Who issues.</param>
    /// <param name="ask">Whether a name is welcome; an exception is a no.</param>
    /// <param name="perHour">New certificates in an hour.</param>
    /// <param name="askLimit">How long the question may take; 5 seconds when null.</param>
    /// <param name="clock">The time.</param>
    public OnDemandCertificates(
        CertificateKeeper keeper,
        ICertificateIssuer issuer,
        Func<string, CancellationToken, Task<bool>> ask,
        int perHour,
        TimeSpan? askLimit = null,
        TimeProvider? clock = null)
    {
        _keeper = keeper;
        _issuer = issuer;
        _ask = ask;
        _perHour = perHour;
        _askLimit = askLimit ?? TimeSpan.FromSeconds(5);
        _clock = clock ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public ValueTask<TlsCertificate?> FindAsync(string serverName)
    {
        if (_keeper.Find(serverName) is { } kept)
            return kept.FindAsync();
        if (_refused.TryGetValue(serverName, out var until) && until > _clock.GetUtcNow())
            return default;
        if (_underWay.TryGetValue(serverName, out var running))
            return new ValueTask<TlsCertificate?>(running);
        if (_underWay.Count >= MaxUnderWay || !CertificateName.TryParse(serverName, out var name, out _) || name.IsWildcard)
            return default;
        return new ValueTask<TlsCertificate?>(_underWay.GetOrAdd(serverName, _ => Task.Run(() => BeginAsync(serverName, name))));
    }

    /// <inheritdoc/>
    public TlsCertificate? FindChallenge(string serverName) => _keeper.FindChallenge(serverName);

    private async Task<TlsCertificate?> BeginAsync(string serverName, CertificateName name)
    {
        try
        {
            if (!await IsWelcomeAsync(serverName) || !Count())
            {
                Refuse(serverName);
                return null;
            }
            return await _keeper.AddAsync(new CertificateWish([name], _issuer, IsStored: !_issuer.IsImmediate));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Refuse(serverName);
            return null;
        }
        finally
        {
            _underWay.TryRemove(serverName, out _);
        }
    }

    private async Task<bool> IsWelcomeAsync(string serverName)
    {
        using var limit = new CancellationTokenSource(_askLimit, _clock);
        try
        {
            return await _ask(serverName, limit.Token);
        }
        catch (Exception)
        {
            return false;
        }
    }

    private bool Count()
    {
        lock (_issued)
        {
            var now = _clock.GetUtcNow();
            while (_issued.TryPeek(out var oldest) && oldest <= now.AddHours(-1))
                _issued.Dequeue();
            if (_issued.Count >= _perHour)
                return false;
            _issued.Enqueue(now);
            return true;
        }
    }

    private void Refuse(string serverName)
    {
        if (_refused.Count >= MaxRefusals)
            _refused.Clear();
        _refused[serverName] = _clock.GetUtcNow() + RefusalTime;
    }
}
