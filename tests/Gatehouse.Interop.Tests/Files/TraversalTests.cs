namespace Gatehouse.Interop.Tests.Files;

/// <summary>Ways out of the root, as raw bytes that no client library would send: each is refused or finds nothing, and the server goes on.</summary>
public sealed class TraversalTests(FilesServer files) : IClassFixture<FilesServer>
{
    private readonly Served _served = files.Served;

    public static TheoryData<string> Targets =>
    [
        "/../secret.txt", "/..", "/../", "/folder/../../secret.txt", "/./../secret.txt", "//../secret.txt", "/folder/..//../secret.txt",
        "/%2e%2e/secret.txt", "/%2E%2E/secret.txt", "/.%2e/secret.txt", "/%2e./secret.txt", "/..%2fsecret.txt", "/..%2Fsecret.txt", "/%2e%2e%2fsecret.txt",
        "/folder%2f..%2f..%2fsecret.txt", "/%2f..%2fsecret.txt",
        "/%252e%252e/secret.txt", "/%252e%252e%252fsecret.txt", "/..%252fsecret.txt", "/%25252e%25252e/secret.txt",
        "/..\\secret.txt", "/..%5csecret.txt", "/%5c..%5csecret.txt", "/folder\\..\\..\\secret.txt",
        "/..;/secret.txt", "/..%3b/secret.txt", "/...//secret.txt", "/....//secret.txt", "/.../secret.txt",
        "/\u00c0\u00ae\u00c0\u00ae/secret.txt", "/%c0%ae%c0%ae/secret.txt", "/%c0%2e%c0%2e/secret.txt", "/%e0%80%ae%e0%80%ae/secret.txt", "/..%c0%afsecret.txt", "/..%ef%bc%8fsecret.txt",
        "/%uff0e%uff0e/secret.txt", "/%u002e%u002e/secret.txt",
        "/ten.txt%00", "/ten.txt%00.html", "/%00", "/..%00/secret.txt", "/ten.txt\0", "/%0a../secret.txt", "/%0d%0aX-Injected:%20yes", "/%7f", "/%1b[31m",
        "/%ff%fe", "/%80", "/\u00ff", "/%c3", "/%ed%a0%80",
        "/%", "/%2", "/%zz", "/%2g",
        "secret.txt", "../secret.txt", "http:/../secret.txt", "http://test.example/../secret.txt", "http://test.example/%2e%2e/secret.txt", "*",
        "/spa/../../secret.txt", "/spa/..%2f..%2fsecret.txt", "/spa%2f..%2f..%2fsecret.txt", "/list/../../secret.txt", "/list/%2e%2e/secret.txt",
        "/link-up/secret.txt", "/link-up/public/link-up/secret.txt", "/link-outside.txt", "/link-absolute.txt/",
        "/etc/passwd", "//etc/passwd", "/%2fetc%2fpasswd", "/proc/self/environ", "/link-up/../../../../../../etc/passwd",
    ];

    [Theory]
    [MemberData(nameof(Targets))]
    public void No_spelling_leads_out(string target)
    {
        using (var client = _served.Connect())
        {
            client.Send($"GET {target} HTTP/1.1\r\nHost: test.example\r\nConnection: close\r\n\r\n");
            var answer = client.ReadResponse();
            Assert.True(answer.Status is 400 or 404 || (target.StartsWith("/spa", StringComparison.Ordinal) && answer.Text == "<p>application"), $"{answer.Status} {answer.Text}");
            Assert.DoesNotContain(FilesServer.Secret, answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("root:", answer.Text, StringComparison.Ordinal);
            Assert.Null(answer["X-Injected"]);
        }
        Assert.Equal("0123456789", _served.Get("/ten.txt").Text);
    }

    [Theory]
    [InlineData(300, 404)]
    [InlineData(5000, 404)]
    [InlineData(9000, 414)]
    [InlineData(60_000, 414)]
    public void An_over_long_name_is_refused(int length, int status)
    {
        Assert.Equal(status, _served.Get($"/{new string('a', length)}").Status);
        Assert.Contains(_served.Get($"/{string.Concat(Enumerable.Repeat("a/", length / 2))}").Status, new[] { 404, status });
        Assert.Contains(_served.Get($"/{string.Concat(Enumerable.Repeat("a/../", length / 5))}ten.txt").Status, new[] { 200, status });
    }

    [Fact]
    public void A_redirect_cannot_be_split()
    {
        foreach (var target in new[] { "/list/folder%0d%0aSet-Cookie:%20a=b", "/folder?%0d%0aSet-Cookie:%20a=b", "/%0d%0aSet-Cookie:a=b/../folder" })
            Assert.Null(_served.Get(target)["Set-Cookie"]);
    }
}
