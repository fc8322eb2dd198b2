using System.Security.Cryptography;
using System.Text;
using Gatehouse.Gateways.FastCgi.Responder;
using Gatehouse.Http;
using Gatehouse.Testing;

namespace Gatehouse.Gateways.Tests.FastCgi;

/// <summary>Handlers of C# served by real nginx.</summary>
public sealed class ResponderTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/unix/")]
    public void A_handler_sees_the_request_as_the_client_sent_it(string prefix)
    {
        using var nginx = new NginxServer(new Answering(async exchange =>
        {
            var request = exchange.Request;
            var body = await ReadAsync(exchange);
            request.Headers.TryGet("X-Some-Header"u8, out var header);
            exchange.Response.Headers.Add("X-Own"u8, "1"u8);
            exchange.Response.Headers.Add("Set-Cookie"u8, "a=b"u8);
            exchange.Response.Headers.Add("Set-Cookie"u8, "c=d"u8);
            exchange.Response.Status = 203;
            await exchange.SendAsync(Encoding.UTF8.GetBytes(
                $"{Text(request.MethodName)} {Text(request.RawPath)} {Text(request.Path)} {Text(request.Query)} {Text(request.Host)} {Text(header)} {request.Version} {request.IsSecure} {request.Client.Address} {request.ContentLength} {Convert.ToHexStringLower(SHA256.HashData(body))}"));
        }));
        foreach (var length in new[] { 0, 1, 5000, 3_000_000 })
        {
            var body = RandomNumberGenerator.GetBytes(length);
            var answer = nginx.Get($"{prefix}a%20b?c=d", "X-Some-Header: value\r\n", "PUT", body);
            Assert.Equal((203, "1"), (answer.Status, answer["X-Own"]));
            Assert.Equal($"PUT {prefix}a%20b {prefix}a b c=d test.example value Http11 False 127.0.0.1 {length} {Convert.ToHexStringLower(SHA256.HashData(body))}", answer.Text);
        }
        Assert.InRange(nginx.Kept, 0, 4);
    }

    [Fact]
    public void Answers_of_any_size_and_shape_pass()
    {
        var big = RandomNumberGenerator.GetBytes(2_000_000);
        using var nginx = new NginxServer(new Answering(async exchange =>
        {
            switch (Text(exchange.Request.Path))
            {
                case "/big":
                    await exchange.SendAsync(big);
                    break;
                case "/parts":
                    for (var i = 0; i < 100; i++)
                        await exchange.WriteAsync(big.AsMemory(i * 20_000, 20_000));
                    await exchange.CompleteAsync();
                    break;
                case "/empty":
                    exchange.Response.Status = 204;
                    break;
                case "/missing":
                    exchange.Response.Status = 404;
                    break;
                case "/fails":
                    throw new InvalidOperationException("on purpose");
                case "/breaks":
                    await exchange.WriteAsync(big.AsMemory(0, 1000));
                    throw new InvalidOperationException("too late");
                case "/unread":
                    await exchange.SendAsync("early"u8.ToArray());
                    break;
                default:
                    await exchange.SendAsync(Encoding.ASCII.GetBytes(new string('x', 10)));
                    break;
            }
        }));
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(big, nginx.Get("/big").Body);
            Assert.Equal(big, nginx.Get("/parts").Body);
            Assert.Equal((200, 0), nginx.Get("/x", method: "HEAD") is var head ? (head.Status, head.Body.Length) : default);
            Assert.Equal(204, nginx.Get("/empty").Status);
            Assert.Equal((404, "404 Not Found\n"), nginx.Get("/missing") is var missing ? (missing.Status, missing.Text) : default);
            Assert.Equal(500, nginx.Get("/fails").Status);
            Assert.Equal("early", nginx.Get("/unread", method: "POST", body: new byte[200_000]).Text);
            using var client = nginx.Connect();
            client.Send("GET /breaks HTTP/1.1\r\nHost: a\r\n\r\n");
            Assert.DoesNotContain("0\r\n\r\n", Encoding.Latin1.GetString(client.ReadToEnd(allowReset: true)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_written_reaches_the_client_at_once()
    {
        using var go = new SemaphoreSlim(0);
        using var nginx = new NginxServer(new Answering(async exchange =>
        {
            await exchange.WriteAsync("first"u8.ToArray());
            await go.WaitAsync();
            await exchange.WriteAsync("second"u8.ToArray());
        }));
        using var client = nginx.Connect();
        client.Send("GET /unix/x HTTP/1.1\r\nHost: a\r\n\r\n");
        client.ReadThrough("first"u8);
        go.Release();
        client.ReadThrough("second"u8);
    }

    [Fact]
    public void Variables_of_the_web_server_are_there_for_those_who_want_them()
    {
        using var nginx = new NginxServer(new Answering(exchange =>
        {
            Assert.True(((FastCgiExchange)exchange).Variables.TryGet("SERVER_NAME"u8, out _));
            return exchange.SendAsync(Encoding.ASCII.GetBytes($"{exchange.LocalEndpoint.Port}"));
        }));
        Assert.Equal($"{nginx.Port}", nginx.Get("/").Text);
    }

    [Fact]
    public void Ab_finds_no_failure()
    {
        using var nginx = new NginxServer(new Answering(exchange => exchange.SendAsync("hello"u8.ToArray())));
        var result = PeerProcess.Run("ab", ["-q", "-k", "-n", "1000", "-c", "8", $"http://127.0.0.1:{nginx.Port}/"], TimeSpan.FromSeconds(60)).Expect(0);
        Assert.Matches("Complete requests: +1000\n", result.Output);
        Assert.Matches("Failed requests: +0\n", result.Output);
        Assert.DoesNotContain("Non-2xx", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_example_answers_behind_nginx_or_whoever_asks()
    {
        var port = FreePort.Tcp();
        var program = Path.Combine(Repository.Root, "examples/fastcgi-responder/bin", Repository.Configuration, "net10.0/fastcgi-responder.dll");
        using var process = PeerProcess.Start("dotnet", [program, $"127.0.0.1:{port}"]);
        process.WaitForPort(port);
        using var client = RawClient.Connect(port);
        client.Send([1, 1, 0, 1, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
        byte[] pairs = [14, 3, .. "REQUEST_METHODGET"u8, 11, 4, .. "REQUEST_URI/a?b"u8, 11, 9, .. "REMOTE_ADDR192.0.2.1"u8];
        client.Send([1, 4, 0, 1, 0, (byte)pairs.Length, 0, 0, .. pairs, 1, 4, 0, 1, 0, 0, 0, 0, 1, 5, 0, 1, 0, 0, 0, 0]);
        var answer = Encoding.Latin1.GetString(client.ReadToEnd());
        Assert.Contains("Status: 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Welcome to the machine\nGET /a from 192.0.2.1\n0 bytes came along\n", answer, StringComparison.Ordinal);
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    private static async ValueTask<byte[]> ReadAsync(Exchange exchange)
    {
        using var all = new MemoryStream();
        var buffer = new byte[10_000];
        int count;
        while ((count = await exchange.ReadAsync(buffer)) > 0)
            all.Write(buffer, 0, count);
        return all.ToArray();
    }

    private sealed class Answering(Func<Exchange, ValueTask> answer) : IHandler
    {
        public ValueTask HandleAsync(Exchange exchange) => answer(exchange);
    }
}
