using System.Text;
using System.Text.Json;
using Gatehouse.Pki.Acme;
using Gatehouse.Pki.Acme.Challenges;
using Gatehouse.Pki.Acme.Client;
using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Tests.Acme;

/// <summary>The ACME client against Let's Encrypt's own test server, with its failure modes on.</summary>
public sealed class PebbleTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HttpChallenges _http = new();
    private readonly TestSite _site;

    public PebbleTests() => _site = new TestSite(_http.Before(new TestSite.Nothing()));

    public void Dispose()
    {
        _site.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Several_names_are_proved_by_HTTP_though_nonces_are_refused_and_validation_is_slow()
    {
        using var pebble = new Pebble(_site.Port, faults: new() { ["PEBBLE_WFE_NONCEREJECT"] = "50", ["PEBBLE_VA_SLEEPTIME"] = "2", ["PEBBLE_AUTHZREUSE"] = "0" });
        using var issuer = new AcmeIssuer(_folder.Path, Settings(pebble), [_http]);
        var issued = await IssueAsync(issuer, "shop.example.com", "www.shop.example.com");
        Assert.Equal(["shop.example.com", "www.shop.example.com"], issued.Names.Select(name => name.ToString()).Order());
        Assert.Equal(2, issued.ChainPem.Split("-----BEGIN").Length - 1);
        Assert.Null(await issuer.RenewalWindowAsync(issued, CancellationToken.None));
    }

    [Fact]
    public async Task The_account_is_kept_across_restarts_of_ours_and_made_anew_after_theirs()
    {
        using var pebble = new Pebble(_site.Port);
        using (var issuer = new AcmeIssuer(_folder.Path, Settings(pebble), [_http]))
            await IssueAsync(issuer, "a.example.com");
        var first = AccountUrl();
        using (var issuer = new AcmeIssuer(_folder.Path, Settings(pebble), [_http]))
        {
            await IssueAsync(issuer, "b.example.com");
            Assert.Equal(first, AccountUrl());
            pebble.Restart();
            await IssueAsync(issuer, "c.example.com");
        }
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(AccountFile()));
    }

    [Fact]
    public async Task A_wildcard_is_proved_by_a_DNS_hook_which_cleans_up()
    {
        using var pebble = new Pebble(_site.Port);
        var log = _folder["log"];
        var hook = _folder.Write("hook", $$"""
            #!/bin/sh
            echo "$1 $2" >> {{log}}
            case $1 in
              present) curl -sf -d "{\"host\":\"$2.\",\"value\":\"$3\"}" http://127.0.0.1:{{pebble.Management}}/set-txt ;;
              cleanup) curl -sf -d "{\"host\":\"$2.\"}" http://127.0.0.1:{{pebble.Management}}/clear-txt ;;
            esac
            """);
        File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var issuer = new AcmeIssuer(_folder.Path, Settings(pebble), [_http, new DnsHookChallenges(hook)]);
        var issued = await IssueAsync(issuer, "*.wild.example.com", "wild.example.com");
        Assert.Contains(CertificateName.Parse("*.wild.example.com"), issued.Names);
        Assert.Equal("present _acme-challenge.wild.example.com\ncleanup _acme-challenge.wild.example.com\n", await File.ReadAllTextAsync(log));
        using var without = new AcmeIssuer(_folder.Path, Settings(pebble), [_http]);
        Assert.Contains("needs the challenge dns-01", (await Assert.ThrowsAsync<AcmeException>(() => IssueAsync(without, "*.other.example.com"))).Message, StringComparison.Ordinal);
        File.SetUnixFileMode(hook, UnixFileMode.UserWrite);
        File.Delete(hook);
        File.WriteAllText(hook, "#!/bin/sh\necho zone is locked >&2; exit 3\n");
        File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Contains("ended with 3: zone is locked", (await Assert.ThrowsAsync<IssueException>(() => IssueAsync(issuer, "*.third.example.com"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_is_a_name_too()
    {
        using var pebble = new Pebble(_site.Port);
        using var issuer = new AcmeIssuer(_folder.Path, Settings(pebble), [_http]);
        Assert.Equal("127.0.0.1", Assert.Single((await IssueAsync(issuer, "127.0.0.1")).Names).ToString());
    }

    [Fact]
    public async Task An_account_is_bound_to_a_customer()
    {
        const string Key = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";
        using var pebble = new Pebble(_site.Port, external: $$"""
            "externalAccountBindingRequired": true, "externalAccountMACKeys": {"kid-1": "{{Key}}"}
            """);
        using var none = new AcmeIssuer(_folder["none"], Settings(pebble), [_http]);
        Assert.Contains("set eab", (await Assert.ThrowsAsync<AcmeException>(() => IssueAsync(none, "a.example.com"))).Message, StringComparison.Ordinal);
        using var wrong = new AcmeIssuer(_folder["wrong"], Settings(pebble) with { ExternalAccount = new ExternalAccount("kid-1", new byte[32]) }, [_http]);
        Assert.Contains("the server refused the account", (await Assert.ThrowsAsync<AcmeException>(() => IssueAsync(wrong, "a.example.com"))).Message, StringComparison.Ordinal);
        var bound = Settings(pebble) with { ExternalAccount = new ExternalAccount("kid-1", System.Buffers.Text.Base64Url.DecodeFromChars(Key)) };
        using var issuer = new AcmeIssuer(_folder["bound"], bound, [_http]);
        Assert.Single((await IssueAsync(issuer, "a.example.com")).Names);
    }

    [Fact]
    public async Task What_is_wrong_is_told_in_words()
    {
        using var other = new TestSite(new TestSite.Nothing());
        using var pebble = new Pebble(other.Port);
        using var issuer = new AcmeIssuer(_folder.Path, Settings(pebble), [_http]);
        var refused = (await Assert.ThrowsAsync<AcmeException>(() => IssueAsync(issuer, "a.example.com"))).Message;
        Assert.Contains("the proof for a.example.com is invalid", refused, StringComparison.Ordinal);
        Assert.Contains("another server answered the authority", refused, StringComparison.Ordinal);
        using var profile = new AcmeIssuer(_folder.Path, Settings(pebble) with { Profile = "shortlived" }, [_http]);
        Assert.Contains("has no profile 'shortlived'", (await Assert.ThrowsAsync<AcmeException>(() => IssueAsync(profile, "a.example.com"))).Message, StringComparison.Ordinal);
        using var distrustful = new AcmeIssuer(_folder.Path, Settings(pebble) with { Authorities = null }, [_http]);
        Assert.Contains("did not answer", (await Assert.ThrowsAsync<AcmeException>(() => IssueAsync(distrustful, "a.example.com"))).Message, StringComparison.Ordinal);
        using var absent = new AcmeIssuer(_folder["x"], Settings(pebble) with { Directory = $"https://127.0.0.1:{FreePort.Tcp()}/dir" }, [_http]);
        Assert.Contains("did not answer", (await Assert.ThrowsAsync<AcmeException>(() => IssueAsync(absent, "a.example.com"))).Message, StringComparison.Ordinal);
    }

    private static AcmeSettings Settings(Pebble pebble) =>
        new(pebble.Directory) { Authorities = pebble.Authorities, Email = "ops@example.com", Patience = TimeSpan.FromSeconds(60) };

    private static Task<IssuedCertificate> IssueAsync(AcmeIssuer issuer, params string[] names) =>
        issuer.IssueAsync([.. names.Select(CertificateName.Parse)], null, CancellationToken.None);

    private string AccountFile() => Assert.Single(Directory.EnumerateFiles(_folder["acme"], "*.json"));

    private string AccountUrl()
    {
        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(File.ReadAllBytes(AccountFile())));
        return json.RootElement.GetProperty("url").GetString()!;
    }
}
