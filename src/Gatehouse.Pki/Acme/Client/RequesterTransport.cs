using Gatehouse.Http.Client;
using Gatehouse.Http.Dates;
using Gatehouse.Http.Urls;
using Gatehouse.Net.Tls;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Pki.Acme.Client;

/// <summary>Carries ACME's requests over this project's own client.</summary>
internal sealed class RequesterTransport : IAcmeTransport, IDisposable
{
    // A chain has a few kilobytes, a directory less.
    private const int MaxBytes = 256 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly string Agent = $"Gatehouse/{typeof(RequesterTransport).Assembly.GetName().Version!.ToString(3)}";

    private readonly Lazy<HttpRequester> _requester;
    private readonly TimeProvider _clock;

    /// <summary>A transport.</summary>
    /// <param name="authorities">A file with the authorities that the server's certificate may be of, read at the first request; null for the system's.</param>
    /// <param name="clock">The time.</param>
    public RequesterTransport(string? authorities, TimeProvider clock)
    {
        _clock = clock;
        _requester = new Lazy<HttpRequester>(() => new HttpRequester(new RequesterOptions
        {
            Total = Patience,
            MaxBufferedBytes = MaxBytes,
            MaxBodyBytes = MaxBytes,
            Tls = authorities is null ? null : new TlsClient(new TlsClientOptions { Authorities = TlsCertificate.AuthoritiesFromFile(authorities) }),
        }));
    }

    public async Task<AcmeResponse> SendAsync(string method, string url, byte[]? body, CancellationToken cancellation)
    {
        if (!Url.TryParse(url, null, out var parsed, out var fault))
            throw new IOException($"found '{url}', expected a URL: {fault}");
        var content = body is null ? null : RequestBody.FromBytes(body, "application/jose+json");
        try
        {
            // RFC 8555 section 6.1 asks clients to say who they are.
            using var response = await _requester.Value.SendAsync(new ClientRequest(method, parsed, content).With("User-Agent", Agent), cancellation);
            return new AcmeResponse(response.Status, await response.ReadBytesAsync(cancellation))
            {
                Nonce = response["Replay-Nonce"],
                Location = response["Location"] is { } location && Url.TryParse(location, response.Url, out var absolute, out _) ? absolute.Href : null,
                RetryAt = RetryAt(response),
            };
        }
        catch (ClientException exception)
        {
            throw new IOException($"{url} did not answer: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is System.Security.Cryptography.CryptographicException or NotSupportedException or UnauthorizedAccessException)
        {
            throw new IOException($"{url} cannot be asked: {exception.Message}", exception);
        }
    }

    public void Dispose()
    {
        if (_requester.IsValueCreated)
            _requester.Value.Dispose();
    }

    // RFC 9110 section 10.2.3: seconds or a date.
    private DateTimeOffset? RetryAt(ClientResponse response)
    {
        if (!response.Headers.TryGet(KnownHeader.RetryAfter, out var value))
            return null;
        var now = _clock.GetUtcNow();
        if (System.Buffers.Text.Utf8Parser.TryParse(value, out uint seconds, out var used) && used == value.Length)
            return now.AddSeconds(seconds);
        return HttpDate.TryParse(value, now.ToUnixTimeSeconds(), out var date) ? DateTimeOffset.FromUnixTimeSeconds(date) : null;
    }
}
