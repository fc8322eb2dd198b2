using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Pki.Chains;

namespace Gatehouse.Pki.Acme.Client;

/// <summary>Carries ACME's requests over the platform's client.</summary>
internal sealed class HttpClientTransport : IAcmeTransport, IDisposable
{
    // A chain has a few kilobytes, a directory less.
    private const int MaxBytes = 256 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _client;
    private readonly TimeProvider _clock;

    /// <summary>A transport.</summary>
    /// <param name="authorities">A file with the authorities that the server's certificate may be of; null for the system's.</param>
    /// <param name="clock">The time.</param>
    public HttpClientTransport(string? authorities, TimeProvider clock)
    {
        _clock = clock;
        var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10), PooledConnectionLifetime = TimeSpan.FromMinutes(2) };
        if (authorities is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(ChainFile.Read(authorities).Certificates.ToArray());
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }
        _client = new HttpClient(handler) { Timeout = Patience, MaxResponseContentBufferSize = MaxBytes };
        // Asked for by RFC 8555 section 6.1.
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Gatehouse", typeof(HttpClientTransport).Assembly.GetName().Version!.ToString(3)));
    }

    public async Task<AcmeResponse> SendAsync(string method, string url, byte[]? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), url);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/jose+json");
        }
        try
        {
            using var response = await _client.SendAsync(request, cancellation);
            return new AcmeResponse((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellation))
            {
                Nonce = response.Headers.TryGetValues("Replay-Nonce", out var nonces) ? nonces.First() : null,
                Location = response.Headers.Location is { } location ? new Uri(new Uri(url), location).ToString() : null,
                RetryAt = response.Headers.RetryAfter switch
                {
                    { Delta: { } delta } => _clock.GetUtcNow() + delta,
                    { Date: { } date } => date,
                    _ => null,
                },
            };
        }
        catch (HttpRequestException exception)
        {
            var reason = exception.InnerException is AuthenticationException or IOException ? exception.InnerException.Message : exception.Message;
            throw new IOException($"{url} did not answer: {reason}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException($"{url} did not answer within {Patience.TotalSeconds} s", exception);
        }
    }

    public void Dispose() => _client.Dispose();
}
