using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Gatehouse.Testing;

namespace Gatehouse.Cli.Tests;

/// <summary><c>gatehouse ca</c> and <c>gatehouse cert</c> as a person uses them.</summary>
public sealed class CertificateTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_authority_is_made_once_and_shown()
    {
        Assert.Contains("there is no authority in", TheProgram.Run(_folder, "ca", "show").Expect(1).Error, StringComparison.Ordinal);
        var made = TheProgram.Run(_folder, "ca", "init", "--only", "corp.test", "10.0.0.0/8").Expect().Output;
        Assert.Contains($"key          {_folder["state"]}/authority/root.key", made, StringComparison.Ordinal);
        Assert.Contains("signs        corp.test, 10.0.0.0/8", made, StringComparison.Ordinal);
        Assert.Contains("already", TheProgram.Run(_folder, "ca", "init").Expect(1).Error, StringComparison.Ordinal);
        Assert.StartsWith("-----BEGIN CERTIFICATE-----\n", TheProgram.Run(_folder, "ca", "show", "--pem").Expect().Output, StringComparison.Ordinal);
        Assert.Contains("may sign only", TheProgram.Run(_folder, "cert", "issue", "shop.test").Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("found 'a b'", TheProgram.Run(_folder, "ca", "init", "--only", "a b", "--state", _folder["other"]).Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_is_issued_shown_and_verified()
    {
        TheProgram.Run(_folder, "cert", "issue", "*.shop.test", "shop.test", "127.0.0.1", "--days", "30").Expect();
        var root = $"{_folder["state"]}/authority/root.pem";
        PeerProcess.Run("openssl", ["verify", "-CAfile", root, "-verify_hostname", "a.shop.test", _folder["_.shop.test.pem"]]).Expect();
        Assert.Contains("names        *.shop.test, shop.test, 127.0.0.1", TheProgram.Run(_folder, "cert", "show", "_.shop.test.pem").Expect().Output, StringComparison.Ordinal);
        Assert.Contains("Good", TheProgram.Run(_folder, "cert", "verify", "./_.shop.test.pem", "--name", "shop.test", "--ca", root).Expect().Output, StringComparison.Ordinal);
        Assert.Contains("but for", TheProgram.Run(_folder, "cert", "verify", "./_.shop.test.pem", "--name", "x.test", "--ca", root).Expect(1).Output, StringComparison.Ordinal);
        Assert.Contains("no such file", TheProgram.Run(_folder, "cert", "verify", "./none.pem").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("expected 1 to 3650", TheProgram.Run(_folder, "cert", "issue", "a.test", "--days", "0").Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_is_asked_for_its_certificates()
    {
        TheProgram.Run(_folder, "cert", "issue", "127.0.0.1", "shop.test", "--cert", "c.pem", "--key", "c.key").Expect();
        var root = $"{_folder["state"]}/authority/root.pem";
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var target = listener.LocalEndpoint.ToString()!;
        var serving = Task.Run(async () =>
        {
            using var certificate = X509Certificate2.CreateFromPemFile(_folder["c.pem"], _folder["c.key"]);
            for (var i = 0; i < 3; i++)
            {
                using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
                using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsServerAsync(certificate, clientCertificateRequired: false, SslProtocols.None, checkCertificateRevocation: false);
                // The client closes, with a word or without one.
                await tls.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }, TestContext.Current.CancellationToken);
        var good = TheProgram.Run(_folder, "cert", "verify", target, "--ca", root).Expect().Output;
        Assert.Contains("the IP address 127.0.0.1 in its subjectAltName matches", good, StringComparison.Ordinal);
        Assert.Contains("TLS 1.3 with TLS_AES", good, StringComparison.Ordinal);
        using var bad = JsonDocument.Parse(TheProgram.Run(_folder, "cert", "verify", target, "--name", "x.test", "--json").Expect(1).Output);
        Assert.Equal("x.test", bad.RootElement.GetProperty("name").GetString());
        Assert.Contains("shop.test", TheProgram.Run(_folder, "cert", "show", target).Expect().Output, StringComparison.Ordinal);
        await serving;
        listener.Stop();
        Assert.Contains($"cannot connect to {target}", TheProgram.Run(_folder, "cert", "show", target).Expect(2).Error, StringComparison.Ordinal);
    }
}
