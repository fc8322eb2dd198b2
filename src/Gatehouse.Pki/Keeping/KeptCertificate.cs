using System.Security.Cryptography;
using System.Text;
using Gatehouse.Net.Tls;
using Gatehouse.Pki.Acme.Client;
using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Keeping;

/// <summary>
/// The state of one certificate that is kept: the one that is served now, and when what is due. Written by the task of <see cref="CertificateKeeper"/> that
/// works on it, read by handshakes.
/// </summary>
internal sealed class KeptCertificate
{
    private static readonly TimeSpan LeastLife = TimeSpan.FromHours(1);

    private readonly string? _file;
    private readonly TimeProvider _clock;
    private volatile Served? _served;
    private volatile string? _lastError;
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;
    private TaskCompletionSource<TlsCertificate?> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public KeptCertificate(string folder, CertificateWish wish, TimeProvider clock)
    {
        Names = wish.Names;
        Issuer = wish.Issuer;
        _clock = clock;
        Key = KeyOf(Names, Issuer);
        _file = wish.IsStored ? Path.Combine(folder, $"{Key}.pem") : null;
    }

    /// <summary>What it is for and who issues it, as a file name.</summary>
    public string Key { get; }

    public IReadOnlyList<CertificateName> Names { get; }

    public ICertificateIssuer Issuer { get; private set; }

    /// <summary>What is served; null while there is none.</summary>
    public IssuedCertificate? Current => _served?.Issued;

    /// <summary>Why the last try failed; null when it did not.</summary>
    public string? LastError => _lastError;

    /// <summary>Tries that failed since the last that did not.</summary>
    public int Failures { get; private set; }

    /// <summary>When it is renewed.</summary>
    public DateTimeOffset RenewAt { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>When the authority is asked for its wish again.</summary>
    public DateTimeOffset AskAt { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>When something is due.</summary>
    public DateTimeOffset DueAt => RenewAt < AskAt ? RenewAt : AskAt;

    /// <summary>True while a task works on it. Only touched under the keeper's lock.</summary>
    public bool IsBusy { get; set; }

    public static string KeyOf(IReadOnlyList<CertificateName> names, ICertificateIssuer issuer)
    {
        var all = $"{issuer.Name}\n{string.Join('\n', names)}";
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)).AsSpan(0, 6));
        var shown = names[0].ToString().Replace('*', '_').Replace(':', '_');
        return $"{(shown.Length <= 100 ? shown : shown[..100])}-{digest}";
    }

    /// <summary>Goes on with the same authority under other settings, and tries at once where the old ones failed.</summary>
    public void Take(ICertificateIssuer issuer)
    {
        if (ReferenceEquals(Issuer, issuer))
            return;
        Issuer = issuer;
        if (LastError is not null)
            RenewAt = DateTimeOffset.MinValue;
    }

    /// <summary>What is served: at once when there is something, when it is issued while that is under way, and null when the last try failed.</summary>
    public ValueTask<TlsCertificate?> FindAsync()
    {
        if (_served is { } served)
            return new ValueTask<TlsCertificate?>(served.Tls);
        return new ValueTask<TlsCertificate?>(_first.Task);
    }

    /// <summary>Reads what an earlier process stored. Returns what is wrong with it; null when it is right or missing.</summary>
    public string? Load()
    {
        if (_file is null)
            return null;
        try
        {
            if (IssuedCertificate.Load(_file) is not { } stored || !Names.All(stored.Names.Contains))
                return null;
            if (stored.NotAfter <= _clock.GetUtcNow())
                return null;
            Serve(stored);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"{_file} cannot be used, and a new certificate takes its place: {exception.Message}";
        }
    }

    /// <summary>Serves a certificate that was issued just now. It is not renewed within the hour, whatever the authority wishes: that would never end.</summary>
    public void ServeNew(IssuedCertificate issued)
    {
        var least = (issued.NotAfter - issued.NotBefore) / 10;
        _notBefore = _clock.GetUtcNow() + (least < LeastLife ? least : LeastLife);
        Serve(issued);
    }

    /// <summary>Stores what is served. Returns what went wrong; null when nothing did.</summary>
    public string? Store()
    {
        if (_file is null)
            return null;
        try
        {
            Current!.Save(_file);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    /// <summary>Notes the authority's wish, or that it has none.</summary>
    public void Plan(RenewalWindow? window)
    {
        var wish = RenewalTime.Of(Current!, window, Random.Shared.NextDouble());
        RenewAt = wish > _notBefore ? wish : _notBefore;
        AskAt = window?.AskAgainAt ?? (Issuer.IsImmediate ? DateTimeOffset.MaxValue : _clock.GetUtcNow().AddHours(6));
    }

    /// <summary>Notes that the authority could not be asked for its wish: what was planned stays.</summary>
    public void AskLater() => AskAt = _clock.GetUtcNow().AddHours(1);

    /// <summary>Notes a failure. Returns when to try again.</summary>
    public DateTimeOffset Fail(string reason, DateTimeOffset? retryAt)
    {
        _lastError = reason;
        Failures++;
        var now = _clock.GetUtcNow();
        var wait = now + BackOff.After(Failures, Random.Shared.NextDouble());
        RenewAt = retryAt > wait ? (retryAt < now.AddDays(1) ? retryAt.Value : now.AddDays(1)) : wait;
        AskAt = DateTimeOffset.MaxValue;
        // Who waits for the first certificate is told; who comes later waits for the next try, should one be under way.
        _first.TrySetResult(null);
        return RenewAt;
    }

    /// <summary>Notes that a try begins.</summary>
    public void Begin()
    {
        if (_served is null && _first.Task.IsCompleted)
            _first = new TaskCompletionSource<TlsCertificate?>(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private void Serve(IssuedCertificate issued)
    {
        var tls = TlsCertificate.FromPem(issued.ChainPem, issued.KeyPem);
        _served = new Served(issued, tls);
        _lastError = null;
        Failures = 0;
        Plan(null);
        _first.TrySetResult(tls);
    }

    private sealed record Served(IssuedCertificate Issued, TlsCertificate Tls);
}
