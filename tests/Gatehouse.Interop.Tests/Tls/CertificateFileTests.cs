using System.Net.Security;
using System.Net.Sockets;

namespace Gatehouse.Interop.Tests.Tls;

/// <summary>Certificates in files: what is refused at load and why, what is warned of, and how one is replaced while the server runs.</summary>
public sealed class CertificateFileTests
{
    private const string Site = """
        sites:
          - hosts: [a.test]
            tls: {cert: a.test.pem, key: a.test.key}
            routes: [{match: /*, respond: {status: 200, body: a}}]
        """;

    [Fact]
    public void What_cannot_be_used_is_refused_with_the_reason_and_the_old_certificate_keeps_serving()
    {
        using var served = TlsServed.Start(Site);
        var good = File.ReadAllBytes(served.Folder["a.test.pem"]);

        served.Write("other", served.Authority.Issue("a.test"));
        File.Copy(served.Folder["other.pem"], served.Folder["a.test.pem"], overwrite: true);
        Refused("site 'a.test': tls: The private key is not the one of the certificate.");

        served.Write("a.test", served.Authority.Issue(new TestLeaf { Names = ["a.test"], NotAfter = DateTimeOffset.UtcNow.AddDays(-1) }));
        Refused("site 'a.test': tls: The certificate 'CN=a.test' has expired: it was valid until ");

        served.Write("a.test", served.Authority.Issue(new TestLeaf { Names = ["a.test"], NotBefore = DateTimeOffset.UtcNow.AddDays(2) }));
        Refused("The certificate 'CN=a.test' is not valid before ");

        served.Folder.Write("a.test.pem", "nothing");
        Refused("a.test.pem': Expected PEM with a CERTIFICATE block; found none.");

        File.Delete(served.Folder["a.test.pem"]);
        Refused("a.test.pem' cannot be read");

        served.Folder.Write("a.test.pem", good);
        served.Folder.Write("a.test.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
        Refused("Expected a private key without a passphrase");
        Assert.Equal("a", served.Curl("https://a.test:{tls}/").Expect().Output);

        void Refused(string reason)
        {
            var check = served.Check().Expect(1);
            Assert.Contains(reason, check.Error, StringComparison.Ordinal);
            var reload = served.Reload();
            Assert.NotEqual(0, reload.ExitCode);
            Assert.Contains(reason, reload.Error + reload.Output, StringComparison.Ordinal);
            Assert.Equal("a", served.Curl("https://a.test:{tls}/").Expect().Output);
        }
    }

    [Fact]
    public void A_key_that_others_can_read_is_warned_of()
    {
        using var served = TlsServed.Start(Site, served => File.SetUnixFileMode(
            served.Folder["a.test.key"], UnixFileMode.UserRead | UnixFileMode.OtherRead));
        served.Process.WaitForOutput("can be read or written by every user of this machine");
        Assert.Contains("can be read or written by every user of this machine", served.Check().Expect(0).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_listener_or_a_site_cannot_be_is_refused_by_check()
    {
        using var served = TlsServed.Start(Site);
        Faults("sites:\n  - hosts: [a.test]\n    tls: off\n    routes: [{match: /*, respond: {status: 200}}]", "listen: found tls, expected at least one site with a certificate");
        Faults(Site.Replace("key: a.test.key", "client-auth: optional", StringComparison.Ordinal), "expected both or neither");
        served.Folder.Write("gatehouse.yaml", "listen: [\"127.0.0.1:1 tls http9\"]\n" + Site);
        Assert.Contains("found 'http9' behind the address", served.Check().Expect(1).Error, StringComparison.Ordinal);

        void Faults(string yaml, string fault)
        {
            served.Rewrite(yaml);
            Assert.Contains(fault, served.Check().Expect(1).Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_certificate_is_replaced_under_load_and_no_request_fails()
    {
        using var served = TlsServed.Start(Site);
        using var stop = new CancellationTokenSource();
        using var standing = await Connect(served);
        var before = standing.RemoteCertificate!.GetSerialNumberString();
        var load = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var requests = 0;
            while (!stop.IsCancellationRequested)
            {
                using var stream = await Connect(served);
                for (var i = 0; i < 5; i++, requests++)
                    await Request(stream);
            }

            return requests;
        })).ToArray();
        for (var i = 0; i < 3; i++)
        {
            served.Issue("a.test", "a.test");
            served.Reload().Expect();
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(load), requests => Assert.True(requests > 0));
        await Request(standing);
        using var after = await Connect(served);
        Assert.NotEqual(before, after.RemoteCertificate!.GetSerialNumberString());
        Assert.Equal(before, standing.RemoteCertificate!.GetSerialNumberString());
    }

    private static async Task<SslStream> Connect(TlsServed served)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", served.TlsPort);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));

        // A resumed session would bring the certificate that it began with.
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "a.test",
            AllowTlsResume = false,
            RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate!.Subject == "CN=a.test",
        });
        return stream;
    }

    private static async Task Request(SslStream stream)
    {
        await stream.WriteAsync("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"u8.ToArray());
        var buffer = new byte[4096];
        var text = "";
        while (!text.EndsWith("\r\n\r\na", StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer).AsTask().WaitAsync(Served.Patience);
            Assert.True(count > 0, $"The connection ended after: {text}");
            text += System.Text.Encoding.ASCII.GetString(buffer, 0, count);
        }

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", text, StringComparison.Ordinal);
    }
}
