using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Pki.Acme.Challenges;
using Gatehouse.Pki.Keeping;
using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Acme.Client;

/// <summary>
/// Certificates from an ACME server (RFC 8555 section 7): 1 the account, 2 the order, 3 the proof for each name, 4 key and signing request, 5 the certificate.
/// </summary>
public sealed class AcmeIssuer : ICertificateIssuer, IDisposable
{
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(15);

    private readonly string _state;
    private readonly AcmeSettings _settings;
    private readonly IReadOnlyList<IChallengeSolver> _solvers;
    private readonly IAcmeTransport _transport;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _registering = new(1);
    private int _preferred;
    private AcmeAccount? _account;
    private AcmeClient? _client;

    /// <summary>An issuer.</summary>
    /// <param name="state">The state folder, where the account is kept.</param>
    /// <param name="settings">The server and what it is told.</param>
    /// <param name="solvers">The ways to prove control over a name, the preferred first.</param>
    /// <param name="clock">The time.</param>
    public AcmeIssuer(string state, AcmeSettings settings, IReadOnlyList<IChallengeSolver> solvers, TimeProvider? clock = null)
        : this(state, settings, solvers, new RequesterTransport(settings?.Authorities, clock ?? TimeProvider.System), clock)
    {
    }

    internal AcmeIssuer(string state, AcmeSettings settings, IReadOnlyList<IChallengeSolver> solvers, IAcmeTransport transport, TimeProvider? clock = null)
    {
        _state = state;
        _settings = settings;
        _solvers = solvers;
        _transport = transport;
        _clock = clock ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public string Name => _settings.Profile is null ? _settings.Directory : $"{_settings.Directory} ({_settings.Profile})";

    /// <inheritdoc/>
    public bool IsImmediate => false;

    /// <inheritdoc/>
    public async Task<IssuedCertificate> IssueAsync(IReadOnlyList<CertificateName> names, IssuedCertificate? replaced, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(names);
        // 1
        var client = await ClientAsync(cancellation);
        // 2
        var order = await OrderAsync(client, names, replaced, cancellation);
        // 3
        foreach (var url in order.Authorizations)
            await ProveAsync(client, url, cancellation);
        // 4
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName(""), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(SubjectNames.Extension(names));
        order = await PollOrderAsync(client, order, "pending", cancellation);
        if (order.Status == "ready")
            await client.FinalizeAsync(order, request.CreateSigningRequest(), cancellation);
        // 5
        order = await PollOrderAsync(client, order, "processing", cancellation);
        if (order.Status != "valid" || order.Certificate is null)
            throw new AcmeException($"the order for {string.Join(", ", names)} is {order.Status}{(order.Error is null ? "" : $": {order.Error}")}");
        return Check(await client.DownloadAsync(order.Certificate, cancellation), key, names);
    }

    /// <inheritdoc/>
    public async Task<RenewalWindow?> RenewalWindowAsync(IssuedCertificate certificate, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return await (await ClientAsync(cancellation, registers: false)).RenewalWindowAsync(certificate.Leaf, cancellation);
    }

    /// <summary>Has the server revoke a certificate (RFC 8555 section 7.6).</summary>
    /// <exception cref="IssueException">It refused, or could not be asked.</exception>
    public async Task RevokeAsync(IssuedCertificate certificate, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        await (await ClientAsync(cancellation)).RevokeAsync(certificate.Leaf, cancellation);
    }

    /// <summary>Lets go of keys and connections.</summary>
    public void Dispose()
    {
        _registering.Dispose();
        _account?.Dispose();
        (_transport as IDisposable)?.Dispose();
    }

    private async Task<AcmeClient> ClientAsync(CancellationToken cancellation, bool registers = true)
    {
        await _registering.WaitAsync(cancellation);
        try
        {
            _account ??= AcmeAccount.FindOrCreate(_state, _settings.Directory);
            _client ??= new AcmeClient(_transport, _settings.Directory, _account.Key, _clock) { Account = _account.Url };
            if (registers && _client.Account is null)
            {
                await _client.RegisterAsync(_settings.Email, _settings.ExternalAccount, cancellation);
                _account.Remember(_client.Account);
            }
            return _client;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IssueException($"the ACME account cannot be stored: {exception.Message}", exception);
        }
        finally
        {
            _registering.Release();
        }
    }

    private async Task<AcmeOrder> OrderAsync(AcmeClient client, IReadOnlyList<CertificateName> names, IssuedCertificate? replaced, CancellationToken cancellation)
    {
        try
        {
            return await client.NewOrderAsync(names, _settings.Profile, replaced?.Leaf, cancellation);
        }
        catch (AcmeException exception) when (exception.Problem?.Type == "accountDoesNotExist")
        {
            // A test server that started anew, or an account that was removed: the key gets a new one.
            await _registering.WaitAsync(cancellation);
            try
            {
                await client.RegisterAsync(_settings.Email, _settings.ExternalAccount, cancellation);
                _account!.Remember(client.Account);
            }
            finally
            {
                _registering.Release();
            }
            return await client.NewOrderAsync(names, _settings.Profile, replaced: null, cancellation);
        }
        catch (AcmeException exception) when (exception.Problem is { Type: "alreadyReplaced" or "malformed" or "conflict" } && replaced is not null)
        {
            // RFC 9773 section 5: what cannot be said to replace is ordered without that.
            return await client.NewOrderAsync(names, _settings.Profile, replaced: null, cancellation);
        }
    }

    private async Task ProveAsync(AcmeClient client, string url, CancellationToken cancellation)
    {
        var (authorization, _) = await client.AuthorizationAsync(url, cancellation);
        if (authorization.Status == "valid")
            return;
        if (authorization.Status != "pending")
            throw Refused(authorization);
        var (challenge, solver) = Choose(authorization);
        var proof = await solver.PresentAsync(authorization.Name, challenge.Token, client.KeyAuthorization(challenge.Token), cancellation);
        await using (proof)
        {
            if (challenge.Status == "pending")
                await client.StartAsync(challenge, cancellation);
            authorization = await PollAsync(
                async () => await client.AuthorizationAsync(url, cancellation), found => found.Status == "pending", $"the proof for {authorization.Name}", cancellation);
        }
        if (authorization.Status == "valid")
            return;
        // A refused proof ends the order; the next try begins with another way.
        Interlocked.Increment(ref _preferred);
        throw Refused(authorization);
    }

    private (AcmeChallenge Challenge, IChallengeSolver Solver) Choose(AcmeAuthorization authorization)
    {
        for (var i = 0; i < _solvers.Count; i++)
        {
            var solver = _solvers[(int)((uint)(i + _preferred) % (uint)_solvers.Count)];
            if (solver.CanProve(authorization.Name, authorization.IsWildcard)
                && authorization.Challenges.FirstOrDefault(challenge => challenge.Type == solver.Type && IsToken(challenge.Token)) is { } found)
                return (found, solver);
        }
        var wanted = string.Join(", ", authorization.Challenges.Select(challenge => challenge.Type));
        throw new AcmeException(authorization.IsWildcard && !_solvers.Any(solver => solver.Type == "dns-01")
            ? $"a certificate for *.{authorization.Name} needs the challenge dns-01: set dns-hook"
            : $"the server wants a proof for {authorization.Name} by {wanted}; this configuration has {string.Join(", ", _solvers.Select(solver => solver.Type))}");
    }

    // It becomes part of a path and of a file's name at others (RFC 8555 section 8.1: base64url of at least 128 bits).
    private static bool IsToken(string token) => token.Length is >= 1 and <= 128 && token.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static AcmeException Refused(AcmeAuthorization authorization)
    {
        var error = authorization.Challenges.Select(challenge => challenge.Error).FirstOrDefault(found => found is not null);
        return new AcmeException($"the proof for {authorization.Name} is {authorization.Status}{(error is null ? "" : $": {error}")}");
    }

    private Task<AcmeOrder> PollOrderAsync(AcmeClient client, AcmeOrder order, string phase, CancellationToken cancellation) =>
        PollAsync(async () => await client.OrderAsync(order.Url, cancellation), found => found.Status == phase, "the order", cancellation);

    private async Task<T> PollAsync<T>(Func<Task<(T Found, DateTimeOffset? RetryAt)>> look, Func<T, bool> goesOn, string what, CancellationToken cancellation)
    {
        var wait = FirstPoll;
        var end = _clock.GetUtcNow() + _settings.Patience;
        while (true)
        {
            var (found, retryAt) = await look();
            if (!goesOn(found))
                return found;
            var now = _clock.GetUtcNow();
            if (now >= end)
                throw new AcmeException($"{what} was not ready within {_settings.Patience.TotalSeconds} s");
            var asked = retryAt - now ?? wait;
            await Task.Delay(asked < FirstPoll ? FirstPoll : asked > LongestPoll ? LongestPoll : asked, _clock, cancellation);
            wait *= 1.5;
        }
    }

    private IssuedCertificate Check(string chain, ECDsa key, IReadOnlyList<CertificateName> names)
    {
        IssuedCertificate issued;
        try
        {
            issued = IssuedCertificate.FromPem(chain, key.ExportPkcs8PrivateKeyPem());
        }
        catch (CryptographicException exception)
        {
            throw new AcmeException($"the server sent a certificate that cannot be used: {exception.Message}", exception);
        }
        if (names.FirstOrDefault(name => !issued.Names.Contains(name)) is { Host.Length: > 0 } missing)
            throw new AcmeException($"the server sent a certificate without {missing}");
        return issued.NotAfter > _clock.GetUtcNow() ? issued : throw new AcmeException($"the server sent a certificate that expired at {issued.NotAfter:u}");
    }
}
