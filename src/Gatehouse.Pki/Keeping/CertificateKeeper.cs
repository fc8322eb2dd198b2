using Gatehouse.Net.Tls;
using Gatehouse.Pki.Acme.Challenges;
using Gatehouse.Pki.Storage;

namespace Gatehouse.Pki.Keeping;

/// <summary>
/// Keeps certificates: reads what is stored, has the rest issued, renews in time, and gives each handshake what is served now. What cannot be renewed stays
/// served, and is tried again with growing waits. One task looks what is due; up to four work at once.
/// </summary>
public sealed class CertificateKeeper : ICertificateSource, IAsyncDisposable
{
    private const int MaxAtOnce = 4;

    // Bounds what strangers can have made on demand; a few kilobytes each.
    private const int MaxKept = 10_000;

    // A clock that is set forward, or a machine that slept, is noticed within this time.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    // Longer than any order may take (Acme.Client.AcmeIssuer), so that a try that hangs ends.
    private static readonly TimeSpan IssueLimit = TimeSpan.FromMinutes(15);

    private readonly string _folder;
    private readonly TimeProvider _clock;
    private readonly ICertificateEvents _events;
    private readonly TlsAlpnChallenges? _challenges;
    private readonly Lock _changing = new();
    private readonly SemaphoreSlim _slots = new(MaxAtOnce);
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _end = new();
    private Task? _watching;

    // Names, and for wildcards what follows the star. Never changed once it is here.
    private volatile Dictionary<string, KeptCertificate> _byName = [];
    private volatile KeptCertificate[] _kept = [];

    /// <summary>A keeper of nothing yet.</summary>
    /// <param name="state">The state folder.</param>
    /// <param name="events">Is told what becomes of the certificates.</param>
    /// <param name="challenges">Where proofs by TLS are found; null when there are none.</param>
    /// <param name="clock">The time.</param>
    public CertificateKeeper(string state, ICertificateEvents events, TlsAlpnChallenges? challenges = null, TimeProvider? clock = null)
    {
        _folder = Path.Combine(state, "certificates");
        _clock = clock ?? TimeProvider.System;
        _events = events;
        _challenges = challenges;
    }

    /// <summary>What is kept, for a status page.</summary>
    public IReadOnlyList<CertificateStatus> Status =>
        [.. _kept.Select(kept => new CertificateStatus(kept.Names, kept.Issuer.Name, kept.Current?.NotAfter, kept.RenewAt, kept.LastError, kept.Failures))];

    /// <summary>
    /// Keeps these certificates from now on and no others; those that are kept already stay as they are. Certificates of an issuer that is immediate are there
    /// when this returns.
    /// </summary>
    /// <exception cref="IOException">The folder for them cannot be made.</exception>
    public void Keep(IReadOnlyCollection<CertificateWish> wishes)
    {
        ArgumentNullException.ThrowIfNull(wishes);
        if (wishes.Count > 0)
            OwnFiles.MakeFolder(_folder);
        lock (_changing)
        {
            var before = _kept.ToDictionary(kept => kept.Key);
            var kept = new Dictionary<string, KeptCertificate>();
            foreach (var wish in wishes)
            {
                var key = KeptCertificate.KeyOf(wish.Names, wish.Issuer);
                if (kept.ContainsKey(key))
                    continue;
                if (before.TryGetValue(key, out var old))
                    old.Take(wish.Issuer);
                kept[key] = old ?? Begin(wish);
            }
            Publish([.. kept.Values]);
        }
        _wake.Release();
    }

    /// <summary>
    /// Keeps one more certificate, until <see cref="Keep"/> is called again. Returns what is served for it; null when it cannot be had, or when there are too many.
    /// </summary>
    internal ValueTask<TlsCertificate?> AddAsync(CertificateWish wish)
    {
        KeptCertificate kept;
        lock (_changing)
        {
            var key = KeptCertificate.KeyOf(wish.Names, wish.Issuer);
            if (_kept.FirstOrDefault(known => known.Key == key) is { } known)
                return known.FindAsync();
            if (_kept.Length >= MaxKept)
                return default;
            OwnFiles.MakeFolder(_folder);
            kept = Begin(wish);
            Publish([.. _kept, kept]);
        }
        _wake.Release();
        return kept.FindAsync();
    }

    /// <summary>What <see cref="FindAsync"/> says of a name that is kept; false for one that is not.</summary>
    public bool TryFind(string serverName, out ValueTask<TlsCertificate?> found)
    {
        var kept = Find(serverName);
        found = kept?.FindAsync() ?? default;
        return kept is not null;
    }

    /// <inheritdoc/>
    public ValueTask<TlsCertificate?> FindAsync(string serverName) => Find(serverName) is { } kept ? kept.FindAsync() : default;

    /// <inheritdoc/>
    public TlsCertificate? FindChallenge(string serverName) => _challenges?.Find(serverName);

    /// <summary>Stops renewing; what is under way is given up.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        if (_watching is { } watching)
            await watching;
        // Each holds a slot until it has ended.
        for (var i = 0; i < MaxAtOnce; i++)
            await _slots.WaitAsync();
        _slots.Dispose();
        _wake.Dispose();
        _end.Dispose();
    }

    internal KeptCertificate? Find(string serverName)
    {
        var byName = _byName;
        if (byName.TryGetValue(serverName, out var kept))
            return kept;
        // A site that is for a wildcard alone is asked for by it.
        var dot = serverName.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && byName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(serverName.AsSpan(dot), out kept) ? kept : null;
    }

    private KeptCertificate Begin(CertificateWish wish)
    {
        var kept = new KeptCertificate(_folder, wish, _clock);
        if (kept.Load() is { } fault)
            _events.OnNotStored(kept.Names, fault);
        if (kept.Current is null && wish.Issuer.IsImmediate)
            IssueAsync(kept).GetAwaiter().GetResult();
        return kept;
    }

    private void Publish(KeptCertificate[] kept)
    {
        var byName = new Dictionary<string, KeptCertificate>();
        foreach (var certificate in kept)
        {
            foreach (var name in certificate.Names)
                byName.TryAdd(name.IsWildcard ? $".{name.Host}" : name.ToString(), certificate);
        }
        _byName = byName;
        _kept = kept;
        if (kept.Length > 0)
            _watching ??= Task.Run(WatchAsync);
    }

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                var now = _clock.GetUtcNow();
                var next = now + LongestWait;
                foreach (var kept in _kept)
                {
                    if (kept.IsBusy)
                        continue;
                    if (kept.DueAt > now)
                    {
                        next = kept.DueAt < next ? kept.DueAt : next;
                        continue;
                    }
                    await _slots.WaitAsync(_end.Token);
                    kept.IsBusy = true;
                    kept.Begin();
                    _ = Task.Run(() => WorkAsync(kept), CancellationToken.None);
                }
                await WaitAsync(next - _clock.GetUtcNow());
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task WaitAsync(TimeSpan wait)
    {
        using var awake = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        var woken = _wake.WaitAsync(awake.Token);
        await Task.WhenAny(woken, Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, _clock, awake.Token));
        await awake.CancelAsync();
        _end.Token.ThrowIfCancellationRequested();
    }

    private async Task WorkAsync(KeptCertificate kept)
    {
        try
        {
            if (kept.RenewAt <= _clock.GetUtcNow())
                await IssueAsync(kept);
            else
                await AskAsync(kept);
        }
        finally
        {
            kept.IsBusy = false;
            _wake.Release();
            _slots.Release();
        }
    }

    private async Task IssueAsync(KeptCertificate kept)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        limit.CancelAfter(IssueLimit);
        try
        {
            var issued = await kept.Issuer.IssueAsync(kept.Names, kept.Current, limit.Token);
            kept.ServeNew(issued);
            if (kept.Store() is { } fault)
                _events.OnNotStored(kept.Names, fault);
            await AskAsync(kept);
            _events.OnIssued(issued, kept.Issuer.Name, kept.RenewAt);
        }
        catch (IssueException exception)
        {
            _events.OnFailed(kept.Names, exception.Message, kept.Fail(exception.Message, exception.RetryAt));
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            kept.Fail("the server is ending", null);
        }
        catch (Exception exception)
        {
            // Whatever it is, the old certificate goes on and the next try comes.
            _events.OnFailed(kept.Names, exception.Message, kept.Fail(exception.Message, null));
        }
    }

    private async Task AskAsync(KeptCertificate kept)
    {
        try
        {
            kept.Plan(await kept.Issuer.RenewalWindowAsync(kept.Current!, _end.Token));
        }
        catch (IssueException)
        {
            // RFC 9773 section 4.3.3: a server that cannot be asked changes nothing.
            kept.AskLater();
        }
    }
}
