using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Gatehouse.Pki.Acme.Jose;
using Gatehouse.Pki.Authority;
using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Acme.Server;

/// <summary>What each resource of the ACME server does (RFC 8555 section 7).</summary>
internal sealed class AcmeResources : IDisposable
{
    private const int MaxNames = 100;
    private const int MaxValidations = 64;

    private static readonly TimeSpan OrderLife = TimeSpan.FromDays(1);

    private readonly LocalIssuer _issuer;
    private readonly AccountTable _accounts;
    private readonly OrderTable _orders = new();
    private readonly ChallengeValidator _validator;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _end = new();
    private int _validating;

    public AcmeResources(LocalIssuer issuer, AccountTable accounts, AcmeServerSettings settings, TimeProvider clock)
    {
        _issuer = issuer;
        _accounts = accounts;
        _validator = new ChallengeValidator(settings);
        _clock = clock;
    }

    private DateTimeOffset Now => _clock.GetUtcNow();

    public static AcmeReply Directory(string root) => AcmeReply.Json(200, json =>
    {
        json.WriteString("newNonce", $"{root}/new-nonce");
        json.WriteString("newAccount", $"{root}/new-account");
        json.WriteString("newOrder", $"{root}/new-order");
        json.WriteString("revokeCert", $"{root}/revoke-cert");
        json.WriteString("keyChange", $"{root}/key-change");
        json.WriteString("renewalInfo", $"{root}/renewal-info");
        json.WriteStartObject("meta");
        json.WriteBoolean("externalAccountRequired", false);
        json.WriteStartObject("profiles");
        foreach (var profile in ServerProfile.All)
            json.WriteString(profile.Name, profile.Description);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>Answers a request to the resource at <paramref name="path"/>.</summary>
    /// <exception cref="AcmeRefusal">It is refused.</exception>
    public Task<AcmeReply> AnswerAsync(string path, AcmeCall call)
    {
        var parts = path.Split('/');
        var reply = parts switch
        {
            ["new-account"] => NewAccount(call),
            ["new-order"] => NewOrder(call),
            ["revoke-cert"] => Revoke(call),
            ["key-change"] => ChangeKey(call),
            ["account", var id] => Account(call, id),
            ["account", var id, "orders"] => Orders(call, id),
            ["order", var id] => Order(call, Own(_orders.Order(id), order => order.Account, call)),
            ["order", var id, "finalize"] => Finalize(call, Own(_orders.Order(id), order => order.Account, call)),
            ["authorization", var id] => Authorization(call, Own(_orders.Authorization(id), authorization => authorization.Order.Account, call)),
            ["challenge", var id] => Challenge(call, Own(_orders.Challenge(id), challenge => challenge.Authorization.Order.Account, call)),
            ["certificate", var id] => Certificate(Own(_orders.Order(id), order => order.Account, call)),
            _ => throw AcmeRefusal.NotFound(),
        };
        return Task.FromResult(reply);
    }

    /// <summary>RFC 9773 section 4: the third quarter of a certificate's life, or the past when it is revoked.</summary>
    public AcmeReply RenewalInfo(string certificateId)
    {
        if (_orders.ByCertificate(certificateId)?.Certificate is not { } certificate)
            throw AcmeRefusal.NotFound();
        var (from, to) = (new DateTimeOffset(certificate.NotBefore.ToUniversalTime()), new DateTimeOffset(certificate.NotAfter.ToUniversalTime()));
        var now = Now;
        var (start, end) = _orders.IsRevoked(certificateId) ? (now.AddDays(-1), now.AddHours(-1)) : (from + (to - from) / 2, from + (to - from) * 0.75);
        return AcmeReply.Json(200, json =>
        {
            json.WriteStartObject("suggestedWindow");
            json.WriteString("start", start.UtcDateTime);
            json.WriteString("end", end.UtcDateTime);
            json.WriteEndObject();
        }) with
        { RetryAfter = 6 * 3600 };
    }

    public void Dispose()
    {
        _end.Cancel();
        _validator.Dispose();
        _end.Dispose();
    }

    // Section 7.3.
    private AcmeReply NewAccount(AcmeCall call)
    {
        if (call.Message.Key is not { } key)
            throw AcmeRefusal.Malformed("Expected the key as jwk, and not the URL of an account.");
        var (onlyExisting, contact) = call.Read(json => (
            json.TryGetProperty("onlyReturnExisting", out var only) && only.ValueKind == JsonValueKind.True, Contact(json)));
        var found = _accounts.FindByKey(key);
        if (found is { IsActive: false })
            throw AcmeRefusal.Unauthorized("The account with this key is deactivated.");
        if (found is null && onlyExisting)
            throw new AcmeRefusal(400, "accountDoesNotExist", "There is no account with this key.");
        var account = found ?? _accounts.Add(key, contact);
        return AcmeDescriptions.Of(account, call.Root, found is null ? 201 : 200) with { Location = $"{call.Root}/account/{account.Id}" };
    }

    // Sections 7.3.2 and 7.3.6.
    private AcmeReply Account(AcmeCall call, string id)
    {
        var account = call.Account!;
        if (account.Id != id)
            throw AcmeRefusal.Unauthorized("This is another account's.");
        if (call.IsRead)
            return AcmeDescriptions.Of(account, call.Root, 200);
        var changed = call.Read(json => account with
        {
            Contact = json.TryGetProperty("contact", out _) ? Contact(json) : account.Contact,
            IsActive = !(json.TryGetProperty("status", out var status) && status.GetString() == "deactivated"),
        });
        return AcmeDescriptions.Of(_accounts.Change(changed), call.Root, 200);
    }

    private AcmeReply Orders(AcmeCall call, string id)
    {
        if (call.Account!.Id != id)
            throw AcmeRefusal.Unauthorized("This is another account's.");
        return AcmeReply.Json(200, json =>
        {
            json.WriteStartArray("orders");
            foreach (var order in _orders.Of(id))
                json.WriteStringValue($"{call.Root}/order/{order.Id}");
            json.WriteEndArray();
        });
    }

    // Section 7.3.5: the new key signs the inner message, the old one the outer.
    private AcmeReply ChangeKey(AcmeCall call)
    {
        JwsMessage inner;
        try
        {
            inner = JwsMessage.Parse(call.Message.Payload);
        }
        catch (FormatException exception)
        {
            throw AcmeRefusal.Malformed(exception.Message);
        }
        if (inner.Key is not { } key || inner.Url != call.Message.Url || inner.Nonce is not null)
            throw AcmeRefusal.Malformed("The inner message must have the new key as jwk, the same URL, and no nonce.");
        try
        {
            if (!inner.IsSignedBy(key))
                throw AcmeRefusal.Unauthorized("The signature of the inner message is wrong.");
        }
        catch (NotSupportedException exception)
        {
            throw new AcmeRefusal(400, "badSignatureAlgorithm", $"{exception.Message}; expected ES256, ES384 or RS256.");
        }
        var isRight = new AcmeCall(call.Root, inner, call.Account).Read(json =>
            json.GetProperty("account").GetString() == call.Message.KeyId && JsonWebKey.Parse(json.GetProperty("oldKey")).Thumbprint == call.Account!.Key.Thumbprint);
        if (!isRight)
            throw AcmeRefusal.Malformed("The inner message must name the account and its old key.");
        return AcmeDescriptions.Of(_accounts.Change(call.Account! with { Key = key }), call.Root, 200);
    }

    // Section 7.4.
    private AcmeReply NewOrder(AcmeCall call)
    {
        var (names, profile) = call.Read(json =>
        {
            if (json.TryGetProperty("notBefore", out _) || json.TryGetProperty("notAfter", out _))
                throw AcmeRefusal.Malformed("notBefore and notAfter are not supported; choose a profile.");
            return (Names(json), json.TryGetProperty("profile", out var chosen) ? chosen.GetString()! : ServerProfile.All[0].Name);
        });
        if (ServerProfile.Find(profile) is null)
            throw new AcmeRefusal(400, "invalidProfile", $"There is no profile '{profile}'; expected {string.Join(" or ", ServerProfile.All.Select(known => known.Name))}.");
        var now = Now;
        var order = new ServerOrder(call.Account!.Id, names, profile, now + OrderLife);
        _orders.Add(order, now);
        return AcmeDescriptions.Of(order, call.Root, 201, Now) with { Location = $"{call.Root}/order/{order.Id}" };
    }

    private List<CertificateName> Names(JsonElement json)
    {
        var names = new List<CertificateName>();
        foreach (var identifier in json.GetProperty("identifiers").EnumerateArray())
        {
            var (type, value) = (identifier.GetProperty("type").GetString(), identifier.GetProperty("value").GetString()!);
            if (type is not ("dns" or "ip"))
                throw new AcmeRefusal(400, "unsupportedIdentifier", $"Identifiers of type '{type}' are not supported, only dns and ip.");
            if (!CertificateName.TryParse(value, out var name, out var fault) || name.IsAddress != (type == "ip"))
                throw new AcmeRefusal(400, "rejectedIdentifier", fault ?? $"'{value}' is no identifier of type {type}.");
            if (name.IsWildcard)
                throw new AcmeRefusal(400, "rejectedIdentifier", $"{name} would need a proof by dns-01, which this server does not have.");
            if (_issuer.Authority.Constraints?.Permits(name) == false)
                throw new AcmeRefusal(400, "rejectedIdentifier", $"This authority may sign only {_issuer.Authority.Constraints}, and not {name}.");
            if (!names.Contains(name))
                names.Add(name);
        }
        return names.Count is > 0 and <= MaxNames ? names : throw AcmeRefusal.Malformed($"Expected 1 to {MaxNames} identifiers.");
    }

    private AcmeReply Order(AcmeCall call, ServerOrder order) => AcmeDescriptions.Of(order, call.Root, 200, Now);

    // Section 7.5.
    private static AcmeReply Authorization(AcmeCall call, ServerAuthorization authorization)
    {
        if (!call.IsRead && call.Read(json => json.TryGetProperty("status", out var status) && status.GetString() == "deactivated"))
        {
            lock (authorization.Order.Changing)
                authorization.IsDeactivated = true;
        }
        return AcmeDescriptions.Of(authorization, call.Root);
    }

    // Section 7.5.1.
    private AcmeReply Challenge(AcmeCall call, ServerChallenge challenge)
    {
        var authorization = challenge.Authorization;
        lock (authorization.Order.Changing)
        {
            if (!call.IsRead && challenge.Status == "pending" && authorization.Status == "pending" && Now < authorization.Order.Expires)
            {
                if (Interlocked.Increment(ref _validating) > MaxValidations)
                {
                    Interlocked.Decrement(ref _validating);
                    throw new AcmeRefusal(429, "rateLimited", $"{MaxValidations} proofs are being looked at; try again later.");
                }
                challenge.Status = "processing";
                _ = Task.Run(() => ValidateAsync(challenge, $"{challenge.Token}.{call.Account!.Key.Thumbprint}"));
            }
        }
        return AcmeDescriptions.Of(challenge, call.Root) with { Link = $"<{call.Root}/authorization/{authorization.Id}>;rel=\"up\"" };
    }

    private async Task ValidateAsync(ServerChallenge challenge, string keyAuthorization)
    {
        AcmeRefusal? error;
        try
        {
            error = await _validator.ValidateAsync(challenge, keyAuthorization, _end.Token);
        }
        catch (Exception exception)
        {
            error = new AcmeRefusal(500, "serverInternal", exception.Message);
        }
        lock (challenge.Authorization.Order.Changing)
        {
            challenge.Error = error;
            challenge.Validated = error is null ? Now : null;
            challenge.Status = error is null ? "valid" : "invalid";
        }
        Interlocked.Decrement(ref _validating);
    }

    // Section 7.4, the end of an order.
    private AcmeReply Finalize(AcmeCall call, ServerOrder order)
    {
        var request = SigningRequest.Parse(call.Read(json => json.GetProperty("csr").GetString()!));
        if (!request.Names.SetEquals(order.Names))
            throw new AcmeRefusal(400, "badCSR", $"The request is for {string.Join(", ", request.Names)} and the order for {string.Join(", ", order.Names)}.");
        if (call.Account!.Key.IsSameAs(request.Key.ExportSubjectPublicKeyInfo()))
            throw new AcmeRefusal(400, "badCSR", "The key is that of the account; a certificate needs another.");
        lock (order.Changing)
        {
            var status = order.StatusAt(Now);
            if (status != "ready")
                throw new AcmeRefusal(403, "orderNotReady", $"The order is {status}.");
            try
            {
                order.Certificate = _issuer.Authority.Sign(request.Key, order.Names, ServerProfile.Find(order.Profile)!.Lifetime);
            }
            catch (IssueException exception)
            {
                throw new AcmeRefusal(500, "serverInternal", exception.Message);
            }
        }
        _orders.NoteCertificate(order);
        return AcmeDescriptions.Of(order, call.Root, 200, Now) with { Location = $"{call.Root}/order/{order.Id}" };
    }

    // Section 7.4.2. The root follows, as small authorities do: clients that were told to trust another chain see which one it is.
    private AcmeReply Certificate(ServerOrder order)
    {
        if (order.Certificate is not { } certificate)
            throw AcmeRefusal.NotFound();
        var text = $"{certificate.ExportCertificatePem()}\n{_issuer.Authority.Root.ExportCertificatePem()}\n";
        return new AcmeReply(200, "application/pem-certificate-chain", Encoding.ASCII.GetBytes(text));
    }

    // Section 7.6: by the account that ordered it, or by the certificate's own key.
    private AcmeReply Revoke(AcmeCall call)
    {
        X509Certificate2 certificate;
        try
        {
            certificate = X509CertificateLoader.LoadCertificate(Base64Url.DecodeFromChars(call.Read(json => json.GetProperty("certificate").GetString()!)));
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException)
        {
            throw AcmeRefusal.Malformed($"The certificate cannot be read: {exception.Message}");
        }
        using (certificate)
        {
            if (CertificateId.Of(certificate) is not { } id || _orders.ByCertificate(id) is not { } order || !order.Certificate!.RawData.AsSpan().SequenceEqual(certificate.RawData))
                throw AcmeRefusal.NotFound();
            var isAllowed = call.Account is { } account ? order.Account == account.Id
                : call.Message.Key!.IsSameAs(certificate.PublicKey.ExportSubjectPublicKeyInfo());
            if (!isAllowed)
                throw AcmeRefusal.Unauthorized("Only the account that ordered it, or its own key, can revoke a certificate.");
            return _orders.Revoke(id) ? new AcmeReply(200, "", []) : throw new AcmeRefusal(400, "alreadyRevoked", "The certificate was revoked before.");
        }
    }

    private static List<string> Contact(JsonElement json)
    {
        var contact = json.TryGetProperty("contact", out var found) ? found.EnumerateArray().Select(item => item.GetString() ?? "").Take(10).ToList() : [];
        if (contact.FirstOrDefault(item => !item.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) || item.Length > 320) is { } wrong)
            throw new AcmeRefusal(400, "unsupportedContact", $"The contact '{(wrong.Length > 100 ? wrong[..100] : wrong)}' is not supported, only mailto:.");
        return contact;
    }

    private static T Own<T>(T? found, Func<T, string> account, AcmeCall call)
        where T : class
    {
        if (found is null)
            throw AcmeRefusal.NotFound();
        return account(found) == call.Account?.Id ? found : throw AcmeRefusal.Unauthorized("This is another account's.");
    }
}
