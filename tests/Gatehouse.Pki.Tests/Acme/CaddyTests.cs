using Gatehouse.Pki.Acme;
using Gatehouse.Pki.Acme.Challenges;
using Gatehouse.Pki.Acme.Client;
using Gatehouse.Pki.Names;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Pki.Tests.Acme;

/// <summary>The ACME client against Caddy's ACME server (step-ca's code).</summary>
public sealed class CaddyTests
{
    [Fact]
    public async Task Caddy_gives_a_certificate()
    {
        using var folder = new TempFolder();
        var (port, unused) = (FreePort.Tcp(), FreePort.Tcp());
        folder.Write("Caddyfile", $$"""
            {
                admin off
                skip_install_trust
                auto_https disable_redirects
                storage file_system {{folder["caddy"]}}
                http_port {{unused}}
                https_port {{port}}
            }
            https://127.0.0.1:{{port}} {
                tls internal
                acme_server
            }

            """);
        var environment = new Dictionary<string, string?> { ["HOME"] = folder.Path, ["XDG_DATA_HOME"] = folder["data"], ["XDG_CONFIG_HOME"] = folder["config"] };
        using var caddy = PeerProcess.Start("caddy", ["run", "--config", folder["Caddyfile"], "--adapter", "caddyfile"], folder.Path, environment);
        caddy.WaitForPort(port);
        var root = folder["caddy/pki/authorities/local/root.crt"];
        for (var i = 0; i < 200 && !File.Exists(root); i++)
            await Task.Delay(50);

        // It looks for proofs on port 80 and nowhere else: an address of this host that nobody else has.
        var http = new HttpChallenges();
        var address = IpAddress.FromV4(0x7F4D0000 | (uint)Random.Shared.Next(1, 0xFFFF));
        using var site = new TestSite(http.Before(new TestSite.Nothing()), new Endpoint(address, 80));
        using var issuer = new AcmeIssuer(folder["state"], new AcmeSettings($"https://127.0.0.1:{port}/acme/local/directory") { Authorities = root }, [http]);
        try
        {
            var issued = await issuer.IssueAsync([CertificateName.Of(address)], null, CancellationToken.None);
            Assert.Equal(address, Assert.Single(issued.Names).Address);
            Assert.Equal(2, issued.ChainPem.Split("-----BEGIN").Length - 1);
        }
        catch (IssueException exception)
        {
            Assert.Fail($"{exception.Message}\n{caddy.Error}");
        }
    }
}
