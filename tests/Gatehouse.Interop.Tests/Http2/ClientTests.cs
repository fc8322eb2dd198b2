using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Gatehouse.Interop.Tests.Http2;

/// <summary>Real clients of HTTP/2 without TLS: curl, nghttp, h2load, .NET's HttpClient.</summary>
public sealed partial class ClientTests : IDisposable
{
    private const string Configuration = """
        sites:
          - routes:
              - {match: /hello, respond: {body: "Hello, world!"}}
              - {match: /*, files: public}
        """;

    private readonly byte[] _file = Noise.Bytes(3_000_000);
    private readonly Served _served;

    public ClientTests() => _served = Served.Start(Configuration, folder =>
    {
        folder.Write("public/file.bin", _file);
        folder.Write("public/small.txt", "small");
    });

    public void Dispose() => _served.Dispose();

    [Fact]
    public void Curl_gets_answers_and_files()
    {
        Assert.Equal("Hello, world!2", Curl("-w", "%{http_version}", $"{_served.Root}hello"));
        Assert.Equal("404 2", Curl("-o", "/dev/null", "-w", "%{http_code} %{http_version}", $"{_served.Root}missing"));
        Assert.Equal("206 11", Curl("-o", "/dev/null", "-r", "10-20", "-w", "%{http_code} %{size_download}", $"{_served.Root}file.bin"));
        Assert.Contains("content-length: 3000000", Curl("-I", $"{_served.Root}file.bin"), StringComparison.Ordinal);
        using var folder = new TempFolder();
        Curl("-o", folder["file"], $"{_served.Root}file.bin");
        Noise.AssertSame(_file, File.ReadAllBytes(folder["file"]));
    }

    [Fact]
    public async Task Dotnet_gets_and_sends_many_at_once_on_one_connection()
    {
        using var client = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            client.GetByteArrayAsync(new Uri(_served.Root, i % 4 == 0 ? "file.bin" : "small.txt"), TestContext.Current.CancellationToken)));
        for (var i = 0; i < 40; i++)
            Noise.AssertSame(i % 4 == 0 ? _file : "small"u8, answers[i]);
        // A body that nobody reads does not disturb the others.
        using var refused = await client.PostAsync(new Uri(_served.Root, "small.txt"), new ByteArrayContent(_file), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
        Assert.Equal("Hello, world!", await client.GetStringAsync(new Uri(_served.Root, "hello"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Nghttp_finds_no_fault()
    {
        var result = PeerProcess.Run("nghttp", ["-nv", "-m", "20", $"{_served.Root}file.bin"], Served.Patience).Expect();
        Assert.DoesNotContain("RST_STREAM", result.Output, StringComparison.Ordinal);
        Assert.Equal(20, StatusLine().Count(result.Output));
    }

    [Theory]
    [InlineData("hello", 20_000)]
    [InlineData("file.bin", 100)]
    public void H2load_fails_no_request(string path, int requests)
    {
        var result = PeerProcess.Run("h2load", ["-n", $"{requests}", "-c", "8", "-m", "32", $"{_served.Root}{path}"], TimeSpan.FromMinutes(2)).Expect();
        Assert.Contains($"{requests} succeeded, 0 failed, 0 errored", result.Output, StringComparison.Ordinal);
        Assert.Contains($"{requests.ToString(CultureInfo.InvariantCulture)} 2xx", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void H2spec_passes_where_it_is_there()
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "h2spec")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "h2spec is not on PATH.");
        PeerProcess.Run(program!, ["-h", "127.0.0.1", "-p", $"{_served.Port}", "--path", "/hello", "--timeout", "5"], TimeSpan.FromMinutes(5)).Expect();
    }

    private static string Curl(params string[] arguments) =>
        PeerProcess.Run("curl", ["-sS", "--http2-prior-knowledge", "--max-time", "60", .. arguments], TimeSpan.FromMinutes(2)).Expect().Output;

    [GeneratedRegex(@"recv \(stream_id=\d+\) :status: 200")]
    private static partial Regex StatusLine();
}
