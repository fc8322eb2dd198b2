using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Pki.Chains;

/// <summary>Asks a TLS server for its certificates, without believing them.</summary>
public static class ChainFetcher
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Connects and shakes hands.</summary>
    /// <param name="host">The host to connect to.</param>
    /// <param name="port">Its port.</param>
    /// <param name="name">The name that it is asked for (SNI).</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">No certificate could be had: the message says at which step that failed.</exception>
    public static async Task<PresentedChain> FetchAsync(string host, int port, string name, CancellationToken cancellation = default)
    {
        var source = string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(host, port, limit.Token);
        }
        catch (SocketException exception)
        {
            throw new IOException($"cannot connect to {source}: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException($"cannot connect to {source} within {Patience.TotalSeconds} s", exception);
        }
        return await ShakeHandsAsync(client, source, name, limit.Token, cancellation);
    }

    private static async Task<PresentedChain> ShakeHandsAsync(
        TcpClient client, string source, string name, CancellationToken limit, CancellationToken cancellation)
    {
        var certificates = new List<X509Certificate2>();
        using var stream = new SslStream(client.GetStream());
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = name,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck },
            // They are examined afterwards, and nothing is sent over this connection.
            RemoteCertificateValidationCallback = (_, leaf, chain, _) =>
            {
                if (leaf is not null)
                    certificates.Add(X509CertificateLoader.LoadCertificate(leaf.GetRawCertData()));
                foreach (var sent in chain?.ChainPolicy.ExtraStore ?? [])
                {
                    if (!certificates.Exists(known => known.RawDataMemory.Span.SequenceEqual(sent.RawDataMemory.Span)))
                        certificates.Add(X509CertificateLoader.LoadCertificate(sent.RawData));
                }
                return true;
            },
        };
        try
        {
            await stream.AuthenticateAsClientAsync(options, limit);
            return new PresentedChain(source, certificates, [Finding.Good($"{Version(stream.SslProtocol)} with {stream.NegotiatedCipherSuite}")]);
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException && certificates.Count > 0)
        {
            // For instance for want of a client certificate: what the server sent is known all the same.
            return new PresentedChain(source, certificates, [Finding.Note($"the handshake failed after the server's certificates had come: {Innermost(exception)}")]);
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            throw new IOException($"{source} does not speak TLS, or not with this client: {Innermost(exception)}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException($"{source} accepted the connection and did not finish the TLS handshake within {Patience.TotalSeconds} s", exception);
        }
    }

    private static string Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
            exception = inner;
        return exception.Message;
    }

    private static string Version(SslProtocols protocol) => protocol switch
    {
        SslProtocols.Tls13 => "TLS 1.3",
        SslProtocols.Tls12 => "TLS 1.2",
        _ => protocol.ToString(),
    };
}
