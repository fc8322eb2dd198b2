using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gatehouse.Tools.Get;

namespace Gatehouse.Tools.Tests.Get;

/// <summary>What goes wrong has the exit code that curl gives for it, and a sentence. curl is asked each time.</summary>
public sealed class ExitCodeTests
{
    [Theory]
    [InlineData("", CurlCode.EmptyReply, "before the first byte")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", CurlCode.Partial, "after 4 bytes")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", CurlCode.Partial, "")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", CurlCode.ReceiveFailed, "malformed body")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more", CurlCode.Ok, "")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nuntil the end", CurlCode.Ok, "")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", CurlCode.Ok, "")]
    public void An_answer_that_ends_wrongly(string answer, int code, string sentence)
    {
        using var server = new ScriptedServer(answer);
        var got = Got.Run(server.Url);
        Assert.Equal(code, got.Code);
        Assert.Contains(sentence, got.Error, StringComparison.Ordinal);
        Assert.Equal(Curl(server.Url).ExitCode, got.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")]
    public void A_reset(string answer)
    {
        using var server = new ScriptedServer(answer, ScriptedServer.End.Reset);
        Assert.Equal(CurlCode.ReceiveFailed, Got.Run(server.Url).Code);
        Assert.Equal(CurlCode.ReceiveFailed, Curl(server.Url).ExitCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")]
    public void Silence(string answer)
    {
        using var server = new ScriptedServer(answer, ScriptedServer.End.Silence);
        Assert.Equal(CurlCode.TimedOut, Got.Run(new GetOptions { Words = [server.Url], MaxTime = 0.3 }).Code);
        Assert.Equal(CurlCode.TimedOut, Curl(server.Url, "--max-time", "0.3").ExitCode);
    }

    [Fact]
    public void Nobody_there()
    {
        var url = $"http://127.0.0.1:{FreePort.Tcp()}/";
        Assert.Equal((CurlCode.NotConnected, CurlCode.NotConnected), (Got.Run(url).Code, Curl(url).ExitCode));
        Assert.Equal(CurlCode.HostNotResolved, Got.Run("http://no-such-host.invalid/").Code);
        Assert.Equal(CurlCode.MalformedUrl, Got.Run("http://[/").Code);
        Assert.Equal(CurlCode.UnsupportedProtocol, Got.Run("gopher://127.0.0.1/").Code);
        Assert.Equal(CurlCode.ReadFailed, Got.Run(new GetOptions { Words = [url], Upload = "/no/such/file" }).Code);
        Assert.Equal(CurlCode.ReadFailed, Got.Run(new GetOptions { Words = [url], Data = ["@/no/such/file"] }).Code);
        Assert.Equal(CurlCode.BadAuthorities, Got.Run(new GetOptions { Words = [url], CaCert = "/no/such/file" }).Code);
        Assert.Equal(CurlCode.Usage, Got.Run(new GetOptions { Words = [url, "no-item"] }).Code);
        Assert.Equal(CurlCode.Usage, Got.Run(new GetOptions { Words = [url], Data = ["a=b"], Json = "{}" }).Code);
    }

    [Fact]
    public void Redirects_for_ever()
    {
        using var server = new ScriptedServer("HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        Assert.Equal(CurlCode.TooManyRedirects, Got.Run(new GetOptions { Words = [server.Url], Follows = true, MaxRedirects = 3 }).Code);
        Assert.Equal(CurlCode.TooManyRedirects, Curl(server.Url, "-L", "--max-redirs", "3").ExitCode);
        Assert.Equal(CurlCode.Ok, Got.Run(server.Url).Code);
    }

    [Fact]
    public void A_full_disk_and_a_closed_pipe()
    {
        using var server = new ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody");
        var got = Got.Run(new GetOptions { Words = [server.Url], Outputs = ["/dev/full"] });
        Assert.Equal(CurlCode.WriteFailed, got.Code);
        Assert.Contains("No space left", got.Error, StringComparison.Ordinal);
        PeerProcess.Run("curl", ["-s", "-o", "/dev/full", server.Url]).Expect(CurlCode.WriteFailed);
        Assert.Equal(CurlCode.WriteFailed, Got.Run(new GetOptions { Words = [server.Url], Outputs = ["/no/such/folder/file"] }).Code);
        Assert.Equal(CurlCode.WriteFailed, Got.Run(new GetOptions { Words = [server.Url], UsesRemoteName = true }).Code);
    }

    [Fact]
    public void A_status_that_is_a_failure()
    {
        using var server = new ScriptedServer("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nbody");
        var failed = Got.Run(new GetOptions { Words = [server.Url], Fails = true });
        Assert.Equal((CurlCode.HttpError, ""), (failed.Code, failed.Text));
        var withBody = Got.Run(new GetOptions { Words = [server.Url], FailsWithBody = true });
        Assert.Equal((CurlCode.HttpError, "body"), (withBody.Code, withBody.Text));
        Assert.Equal(CurlCode.HttpError, Curl(server.Url, "-f").ExitCode);
    }

    [Fact]
    public void A_coding_that_is_none_and_a_bomb()
    {
        using var bad = new ScriptedServer("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 8\r\n\r\nnot gzip");
        Assert.Equal(CurlCode.BadEncoding, Got.Run(new GetOptions { Words = [bad.Url], IsCompressed = true }).Code);
        Assert.Equal(CurlCode.BadEncoding, Curl(bad.Url, "--compressed").ExitCode);
        Assert.Equal("not gzip", Got.Run(bad.Url).Text);

        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(new byte[20_000_000]);
        byte[] answer = [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {packed.Length}\r\n\r\n"), .. packed.ToArray()];
        using var bomb = new ScriptedServer((_, _) => (answer, ScriptedServer.End.Close));
        var got = Got.Run(new GetOptions { Words = [bomb.Url], IsCompressed = true, MaxFileSize = 1_000_000 });
        Assert.NotEqual(0, got.Code);
        Assert.True(got.Bytes.Length <= 1_000_000, $"{got.Bytes.Length} bytes");
    }

    [Fact]
    public void A_long_body_over_the_limit()
    {
        using var server = new ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world");
        Assert.Equal(CurlCode.TooLarge, Got.Run(new GetOptions { Words = [server.Url], MaxFileSize = 10 }).Code);
        Assert.Equal(CurlCode.TooLarge, Curl(server.Url, "--max-filesize", "10").ExitCode);
    }

    [Fact]
    public void A_certificate_that_nobody_trusts()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var server = new ScriptedServer((_, _) => ("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody"u8.ToArray(), ScriptedServer.End.Close), certificate);
        var got = Got.Run(server.Url);
        Assert.True(got.Code == CurlCode.BadCertificate, got.Error);
        Assert.Equal(CurlCode.BadCertificate, Curl(server.Url).ExitCode);
        Assert.Equal("body", Got.Run(new GetOptions { Words = [server.Url], IsInsecure = true }).Text);
        using var folder = new TempFolder();
        folder.Write("ca.pem", certificate.ExportCertificatePem());
        Assert.Equal("body", Got.Run(new GetOptions { Words = [server.Url], CaCert = folder["ca.pem"] }).Text);
        // No TLS at the other end.
        using var notTls = new NotTls();
        Assert.Equal((CurlCode.TlsFailed, CurlCode.TlsFailed), (Got.Run(notTls.Url).Code, Curl(notTls.Url).ExitCode));
    }

    private static PeerResult Curl(string url, params string[] options) =>
        PeerProcess.Run("curl", ["-s", "-o", "/dev/null", .. options, url], environment: new Dictionary<string, string?> { ["http_proxy"] = null, ["https_proxy"] = null });

    /// <summary>A server that answers a handshake with text.</summary>
    private sealed class NotTls : IDisposable
    {
        private readonly System.Net.Sockets.TcpListener _listener = new(IPAddress.Loopback, 0);

        public NotTls()
        {
            _listener.Start();
            _ = ServeAsync();
        }

        public string Url => $"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    var stream = client.GetStream();
                    await stream.ReadExactlyAsync(new byte[5]);
                    await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
                    client.Client.Shutdown(System.Net.Sockets.SocketShutdown.Send);
                    while (await stream.ReadAsync(new byte[4096]) > 0)
                    {
                    }
                }
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException or System.Net.Sockets.SocketException)
            {
                // The test is over.
            }
        }
    }
}
