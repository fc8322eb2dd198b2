using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Gatehouse.Pki.Acme.Jose;
using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Acme.Client;

/// <summary>The requests of RFC 8555 to one server for one account: signs, keeps nonces, repeats what failed for an old nonce, and reads what comes back.</summary>
internal sealed class AcmeClient
{
    // A server hands out a new nonce with each refusal; a right one fails by chance only on a test server that is told to.
    private const int MaxNonceTries = 12;
    private const int MaxNonces = 8;

    private readonly IAcmeTransport _transport;
    private readonly string _directoryUrl;
    private readonly TimeProvider _clock;
    private readonly Queue<string> _nonces = new();
    private AcmeDirectory? _directory;

    public AcmeClient(IAcmeTransport transport, string directoryUrl, ECDsa key, TimeProvider clock)
    {
        _transport = transport;
        _directoryUrl = directoryUrl;
        _clock = clock;
        Key = key;
    }

    /// <summary>The account's key.</summary>
    public ECDsa Key { get; }

    /// <summary>The account's URL; null until it is known.</summary>
    public string? Account { get; set; }

    /// <summary>What is put where for a challenge (RFC 8555 section 8.1).</summary>
    public string KeyAuthorization(string token) => $"{token}.{JsonWebKey.Of(Key).Thumbprint}";

    public async Task<AcmeDirectory> DirectoryAsync(CancellationToken cancellation)
    {
        if (_directory is not null)
            return _directory;
        var response = await SendAsync("GET", _directoryUrl, null, cancellation);
        if (response.Status != 200)
            throw Refused("the directory", response);
        return _directory = AcmeDirectory.Parse(_directoryUrl, response.Body);
    }

    /// <summary>Makes the account, or finds the one that has this key already (RFC 8555 section 7.3). Its URL is then in <see cref="Account"/>.</summary>
    public async Task RegisterAsync(string? email, ExternalAccount? external, CancellationToken cancellation)
    {
        var directory = await DirectoryAsync(cancellation);
        if (directory.WantsExternalAccount && external is null)
            throw new AcmeException($"{_directoryUrl} wants accounts bound to one of its customers: set eab (key id and key)");
        var payload = Json(json =>
        {
            json.WriteBoolean("termsOfServiceAgreed", true);
            if (email is not null)
            {
                json.WriteStartArray("contact");
                json.WriteStringValue($"mailto:{email}");
                json.WriteEndArray();
            }
            if (external is not null)
            {
                json.WritePropertyName("externalAccountBinding");
                json.WriteRawValue(Jws.SignShared(external.Key, external.KeyId, directory.NewAccount, Encoding.ASCII.GetBytes(JsonWebKey.Of(Key).Json)));
            }
        });
        Account = null;
        var response = await PostAsync(directory.NewAccount, payload, "the account", cancellation);
        Account = response.Location ?? throw new AcmeException($"{directory.NewAccount} made an account and did not say where");
    }

    public async Task<AcmeOrder> NewOrderAsync(
        IReadOnlyList<CertificateName> names, string? profile, X509Certificate2? replaced, CancellationToken cancellation)
    {
        var directory = await DirectoryAsync(cancellation);
        if (profile is not null && !directory.Profiles.ContainsKey(profile))
        {
            throw new AcmeException(
                $"{_directoryUrl} has no profile '{profile}'; it has {(directory.Profiles.Count == 0 ? "none" : string.Join(", ", directory.Profiles.Keys))}");
        }
        var payload = Json(json =>
        {
            json.WriteStartArray("identifiers");
            foreach (var name in names)
            {
                json.WriteStartObject();
                json.WriteString("type", name.IsAddress ? "ip" : "dns");
                json.WriteString("value", name.ToString());
                json.WriteEndObject();
            }
            json.WriteEndArray();
            if (profile is not null)
                json.WriteString("profile", profile);
            if (directory.RenewalInfo is not null && replaced is not null && CertificateId.Of(replaced) is { } id)
                json.WriteString("replaces", id);
        });
        var response = await PostAsync(directory.NewOrder, payload, "the order", cancellation);
        var url = response.Location ?? throw new AcmeException($"{directory.NewOrder} took an order and did not say where it is");
        return Read(response, json => AcmeOrder.Parse(url, json));
    }

    public async Task<(AcmeOrder Order, DateTimeOffset? RetryAt)> OrderAsync(string url, CancellationToken cancellation)
    {
        var response = await PostAsync(url, [], "the order", cancellation);
        return (Read(response, json => AcmeOrder.Parse(url, json)), response.RetryAt);
    }

    public async Task<(AcmeAuthorization Authorization, DateTimeOffset? RetryAt)> AuthorizationAsync(string url, CancellationToken cancellation)
    {
        var response = await PostAsync(url, [], "the authorization", cancellation);
        return (Read(response, json => AcmeAuthorization.Parse(url, json)), response.RetryAt);
    }

    /// <summary>Says that the proof is in place.</summary>
    public Task StartAsync(AcmeChallenge challenge, CancellationToken cancellation) => PostAsync(challenge.Url, "{}"u8.ToArray(), "the challenge", cancellation);

    public Task FinalizeAsync(AcmeOrder order, byte[] signingRequest, CancellationToken cancellation) =>
        PostAsync(order.Finalize, Json(json => json.WriteString("csr", Base64Url.EncodeToString(signingRequest))), "the order's end", cancellation);

    public async Task<string> DownloadAsync(string url, CancellationToken cancellation) =>
        Encoding.ASCII.GetString((await PostAsync(url, [], "the certificate", cancellation)).Body);

    public async Task RevokeAsync(X509Certificate2 certificate, CancellationToken cancellation)
    {
        var url = (await DirectoryAsync(cancellation)).RevokeCert ?? throw new AcmeException($"{_directoryUrl} cannot revoke certificates");
        await PostAsync(url, Json(json => json.WriteString("certificate", Base64Url.EncodeToString(certificate.RawData))), "the revocation", cancellation);
    }

    /// <summary>When the server would like the certificate to be renewed (RFC 9773 section 4.1); null when it has no wish.</summary>
    public async Task<RenewalWindow?> RenewalWindowAsync(X509Certificate2 certificate, CancellationToken cancellation)
    {
        if ((await DirectoryAsync(cancellation)).RenewalInfo is not { } url || CertificateId.Of(certificate) is not { } id)
            return null;
        var response = await SendAsync("GET", $"{url.TrimEnd('/')}/{id}", null, cancellation);
        if (response.Status != 200)
            throw Refused("the renewal information", response);
        return Read(response, json =>
        {
            var window = json.GetProperty("suggestedWindow");
            var (start, end) = (window.GetProperty("start").GetDateTimeOffset(), window.GetProperty("end").GetDateTimeOffset());
            if (end <= start)
                throw new FormatException("the suggested window ends before it begins");
            // Section 4.3: six hours unless it says otherwise, and within reason.
            var now = _clock.GetUtcNow();
            var again = response.RetryAt ?? now.AddHours(6);
            return new RenewalWindow(start, end, json.TryGetProperty("explanationURL", out var page) ? page.GetString() : null,
                again < now.AddMinutes(1) ? now.AddMinutes(1) : again > now.AddDays(1) ? now.AddDays(1) : again);
        });
    }

    private async Task<AcmeResponse> PostAsync(string url, byte[] payload, string what, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            var nonce = await NonceAsync(cancellation);
            var response = await SendAsync("POST", url, Jws.Sign(Key, url, nonce, Account, payload), cancellation);
            if (response.Status is >= 200 and < 300)
                return response;
            // RFC 8555 section 6.5: the refusal carries a nonce that is good.
            var refused = Refused(what, response);
            if (refused.Problem!.Type != "badNonce" || tries == MaxNonceTries)
                throw refused;
        }
    }

    private async Task<string> NonceAsync(CancellationToken cancellation)
    {
        lock (_nonces)
        {
            if (_nonces.TryDequeue(out var kept))
                return kept;
        }
        var url = (await DirectoryAsync(cancellation)).NewNonce;
        await SendAsync("HEAD", url, null, cancellation);
        lock (_nonces)
            return _nonces.TryDequeue(out var fresh) ? fresh : throw new AcmeException($"{url} gave no nonce");
    }

    private async Task<AcmeResponse> SendAsync(string method, string url, byte[]? body, CancellationToken cancellation)
    {
        try
        {
            var response = await _transport.SendAsync(method, url, body, cancellation);
            if (response.Nonce is { Length: > 0 } nonce)
            {
                lock (_nonces)
                {
                    if (_nonces.Count < MaxNonces)
                        _nonces.Enqueue(nonce);
                }
            }
            return response;
        }
        catch (Exception exception) when (exception is IOException or UriFormatException or InvalidOperationException)
        {
            throw new AcmeException(exception.Message, exception);
        }
    }

    private static AcmeException Refused(string what, AcmeResponse response) =>
        new($"the server refused {what}", AcmeProblem.Parse(response.Status, response.Body)) { RetryAt = response.RetryAt };

    private static T Read<T>(AcmeResponse response, Func<JsonElement, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(response.Body);
            return read(json.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new AcmeException($"the server's answer does not hold to RFC 8555: {exception.Message}", exception);
        }
    }

    private static byte[] Json(Action<Utf8JsonWriter> content)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }
        return stream.ToArray();
    }
}
