using Gatehouse.HttpBin.Digest;

namespace Gatehouse.HttpBin.Tests;

public sealed class DigestTests(BinServer server) : IClassFixture<BinServer>
{
    // curl answers challenges of its own accord, which shows that ours are right.
    [Theory]
    [InlineData("auth/user/pass", 200)]
    [InlineData("auth-int/user/pass", 200)]
    [InlineData("auth/user/pass/SHA-256", 200)]
    [InlineData("auth/user/pass/MD5/never", 200)]
    [InlineData("auth/user/other", 401)]
    public void Curl_gets_in_with_the_right_password_only(string path, int status)
    {
        var run = PeerProcess.Run("curl", ["-s", "-o", "/dev/null", "-w", "%{http_code}", "--digest", "-u", "user:pass", $"http://127.0.0.1:{server.Port}/digest-auth/{path}?x=1"]);
        Assert.Equal($"{status}", run.Output);
    }

    [Fact]
    public void A_nonce_goes_stale_after_so_many_uses()
    {
        var fields = new[] { "Cookie: stale_after=0; fake=fake_value", "Authorization: Digest username=\"u\", realm=\"r\", nonce=\"n\", uri=\"/digest-auth/auth/u/p/MD5/1\", response=\"0\"" };
        var answer = server.Send("GET", "/digest-auth/auth/u/p/MD5/1", fields);
        Assert.Equal(401, answer.Status);
        Assert.Contains("stale=TRUE", answer["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Contains(answer.Fields, field => field.Value == "last_nonce=n; Path=/");
    }

    // RFC 7616 section 3.9.1.
    [Theory]
    [InlineData("MD5", "8ca523f5e9506fed4657c9700eebdbec")]
    [InlineData("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    public void The_examples_of_the_RFC_fit(string algorithm, string response)
    {
        var field = $"Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", algorithm={algorithm}, nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001, cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, response=\"{response}\"";
        Assert.True(DigestCredentials.TryParse(field, out var credentials));
        Assert.True(credentials.Fits("Mufasa", "Circle of Life", "GET", "/dir/index.html", []));
        Assert.False(credentials.Fits("Mufasa", "Circle of life", "GET", "/dir/index.html", []));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Basic dXNlcg==")]
    [InlineData("Digest")]
    [InlineData("Digest username=\"u\"")]
    [InlineData("Digest username=\"u\", realm=\"r\", nonce=\"n\", uri=\"/\", response=\"0\", qop=auth")]
    public void What_proves_nothing_is_no_digest(string? field) => Assert.False(DigestCredentials.TryParse(field, out _));
}
