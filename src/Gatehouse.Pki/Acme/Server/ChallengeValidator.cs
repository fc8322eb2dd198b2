using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Http.Client;
using Gatehouse.Http.Urls;
using Gatehouse.Pki.Acme.Challenges;
using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Acme.Server;

/// <summary>Looks whether a proof is in place: over HTTP (RFC 8555 section 8.3) or in a TLS handshake (RFC 8737).</summary>
internal sealed class ChallengeValidator : IDisposable
{
    private const string AcmeProtocol = "acme-tls/1";
    private const string AcmeIdentifier = "1.3.6.1.5.5.7.1.31";

    // A client may say that it is ready a moment before it is.
    private static readonly TimeSpan[] Waits = [TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly AcmeServerSettings _settings;
    private readonly HttpRequester _http;

    public ChallengeValidator(AcmeServerSettings settings)
    {
        _settings = settings;
        // A proof has about a hundred bytes.
        _http = new HttpRequester(new RequesterOptions { Total = Patience, MaxBufferedBytes = 4096, MaxBodyBytes = 4096, Resolver = settings.Resolver });
    }

    /// <summary>Looks a few times. Returns what is wrong; null when the proof is in place.</summary>
    public async Task<AcmeRefusal?> ValidateAsync(ServerChallenge challenge, string keyAuthorization, CancellationToken cancellation)
    {
        AcmeRefusal? found = null;
        foreach (var wait in Waits)
        {
            await Task.Delay(wait, cancellation);
            var name = challenge.Authorization.Name;
            found = challenge.Type == "http-01"
                ? await OverHttpAsync(name, challenge.Token, keyAuthorization, cancellation)
                : await OverTlsAsync(name, keyAuthorization, cancellation);
            if (found is null)
                return null;
        }
        return found;
    }

    public void Dispose() => _http.Dispose();

    private async Task<AcmeRefusal?> OverHttpAsync(CertificateName name, string token, string expected, CancellationToken cancellation)
    {
        var host = name.Address.IsV6 ? $"[{name}]" : name.ToString();
        var port = _settings.HttpPort == 80 ? "" : $":{_settings.HttpPort}";
        var text = $"http://{host}{port}/.well-known/acme-challenge/{token}";
        try
        {
            using var response = await _http.GetAsync(Url.Parse(text), cancellation);
            if (response.Status != 200)
                return AcmeRefusal.Unauthorized($"{text} answered {response.Status}, expected 200.");
            var body = (await response.ReadTextAsync(cancellation)).TrimEnd();
            return body == expected ? null : AcmeRefusal.Unauthorized($"{text} answered with another text than the key authorization.");
        }
        catch (Exception exception) when (exception is ClientException or NotSupportedException)
        {
            return new AcmeRefusal(
                400, exception is ClientException { Fault: ClientFault.NameResolution } ? "dns" : "connection", $"{text} did not answer: {exception.Message}");
        }
    }

    private async Task<AcmeRefusal?> OverTlsAsync(CertificateName name, string keyAuthorization, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        var where = $"{name} port {_settings.TlsPort}";
        X509Certificate2? shown = null;
        try
        {
            var addresses = name.IsAddress ? [name.Address.ToIPAddress()] : await ResolveAsync(name.Host, limit.Token);
            using var client = new TcpClient();
            await client.ConnectAsync(addresses, _settings.TlsPort, limit.Token);
            using var stream = new SslStream(client.GetStream());
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = TlsAlpnChallenges.ServerName(name),
                    ApplicationProtocols = [new SslApplicationProtocol(AcmeProtocol)],
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                    // Signed by itself, as it must be; what it says is compared below.
                    RemoteCertificateValidationCallback = (_, leaf, _, _) =>
                    {
                        shown = leaf is null ? null : X509CertificateLoader.LoadCertificate(leaf.GetRawCertData());
                        return shown is not null;
                    },
                },
                limit.Token);
            if (stream.NegotiatedApplicationProtocol.ToString() != AcmeProtocol)
                return AcmeRefusal.Unauthorized($"{where} does not speak {AcmeProtocol}.");
        }
        catch (UnresolvedException exception)
        {
            return new AcmeRefusal(400, "dns", exception.Message);
        }
        catch (SocketException exception)
        {
            return new AcmeRefusal(400, "connection", $"{where} cannot be reached: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            return new AcmeRefusal(400, "tls", $"The handshake with {where} failed: {(exception.InnerException ?? exception).Message}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new AcmeRefusal(400, "connection", $"{where} did not answer within {Patience.TotalSeconds} s.");
        }
        using (shown)
            return Check(shown!, name, keyAuthorization) ? null : AcmeRefusal.Unauthorized($"{where} presented another certificate than the challenge asks for.");
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation)
    {
        try
        {
            return [.. (await _settings.Resolver.ResolveAsync(host, cancellation)).Addresses.Select(address => address.ToIPAddress())];
        }
        catch (IOException exception)
        {
            throw new UnresolvedException(exception.Message);
        }
    }

    private sealed class UnresolvedException(string message) : Exception(message);

    // RFC 8737 section 3: exactly the name, and the digest in a critical extension.
    private static bool Check(X509Certificate2 shown, CertificateName name, string keyAuthorization) =>
        SubjectNames.Of(shown) is [var only] && only == name
        && shown.Extensions[AcmeIdentifier] is { Critical: true } extension
        && extension.RawData.AsSpan().SequenceEqual(TlsAlpnChallenges.Identifier(keyAuthorization));
}
