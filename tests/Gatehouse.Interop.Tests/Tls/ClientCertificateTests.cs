namespace Gatehouse.Interop.Tests.Tls;

/// <summary>Clients that show who they are, and what handlers, upstreams and the log hear of it.</summary>
public sealed class ClientCertificateTests
{
    [Fact]
    public void A_verified_client_is_let_in_and_named()
    {
        using var upstream = ScriptedUpstream.Answering(request => Answer.Ok($"{request["X-Client"]}|{request["X-Print"]?.Length}"));
        using var served = TlsServed.Start(Sites("required", upstream.Address), Prepare);
        string[] alice = ["--cert", served.Folder["alice.pem"], "--key", served.Folder["alice.key"]];
        Assert.Equal("CN=Alice|64", served.Curl("https://mtls.test:{tls}/", alice).Expect().Output);
        Assert.Equal("CN=Alice|64", served.Curl("https://mtls.test:{tls}/", [.. alice, "-H", "X-Client: CN=Mallory"]).Expect().Output);
        Assert.Contains("certificate required", served.Curl("https://mtls.test:{tls}/").Error, StringComparison.Ordinal);
        string[] mallory = ["--cert", served.Folder["mallory.pem"], "--key", served.Folder["mallory.key"]];
        Assert.Contains("unknown ca", served.Curl("https://mtls.test:{tls}/", mallory).Error, StringComparison.Ordinal);
        served.Process.WaitForOutput("the certificate 'CN=Mallory' is not accepted");
        Served.Eventually(() => File.Exists(served.Folder["access.log"]), "the log");
        Assert.Equal("CN=Alice CN=Test Authority", File.ReadLines(served.Folder["access.log"]).First());
    }

    [Fact]
    public void An_optional_certificate_may_be_missing_but_not_wrong()
    {
        using var upstream = ScriptedUpstream.Answering(request => Answer.Ok($"{request["X-Client"]}|"));
        using var served = TlsServed.Start(Sites("optional", upstream.Address), Prepare);
        Assert.Equal("CN=Alice|", served.Curl("https://mtls.test:{tls}/", "--cert", served.Folder["alice.pem"], "--key", served.Folder["alice.key"]).Expect().Output);
        Assert.Equal("|", served.Curl("https://mtls.test:{tls}/", "-H", "X-Client: CN=Mallory").Expect().Output);
        Assert.Contains("unknown ca", served.Curl("https://mtls.test:{tls}/", "--cert", served.Folder["mallory.pem"], "--key", served.Folder["mallory.key"]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_to_another_name_is_no_way_in()
    {
        using var upstream = ScriptedUpstream.Answering(_ => Answer.Ok("in"));
        using var served = TlsServed.Start(Sites("required", upstream.Address), Prepare);
        string[] status = ["-H", "Host: mtls.test", "-o", "/dev/null", "-w", "%{http_code}"];
        Assert.Equal("421", served.Curl("https://a.test:{tls}/", status).Expect().Output);
        Assert.Equal("308", served.Curl("http://a.test:{port}/", status).Expect().Output);
        Assert.Equal(0, upstream.Accepted);
    }

    private static void Prepare(TlsServed served)
    {
        served.Issue("mtls.test", "mtls.test");
        served.Write("alice", served.Authority.Issue(new TestLeaf { Subject = "CN=Alice", Names = ["alice"], IsClient = true }));
        using var other = new TestAuthority("Somebody Else");
        served.Write("mallory", other.Issue(new TestLeaf { Subject = "CN=Mallory", Names = ["mallory"], IsClient = true }));
    }

    private static string Sites(string auth, string upstream) => $$$"""
        sites:
          - hosts: [a.test]
            tls: {cert: a.test.pem, key: a.test.key}
            routes: [{match: /*, respond: {status: 200, body: a}}]
          - hosts: [mtls.test]
            tls: {cert: mtls.test.pem, key: mtls.test.key, client-ca: ca.pem, client-auth: {{{auth}}}}
            log: {file: access.log, format: "$client-subject $client-issuer"}
            headers: {request: {set: {X-Client: $client-subject, X-Print: $client-fingerprint} } }
            routes: [{match: /*, proxy: {to: ["{{{upstream}}}"]} }]
        """;
}
