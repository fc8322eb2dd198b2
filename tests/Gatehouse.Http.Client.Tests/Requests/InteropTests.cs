using Gatehouse.Http.Client.Tests.Support;
using Gatehouse.Http.Urls;
using Gatehouse.Testing;

namespace Gatehouse.Http.Client.Tests.Requests;

/// <summary>Against servers that are not ours: python3's http.server (HTTP/1.0, closes behind each answer) and nginx.</summary>
public sealed class InteropTests
{
    [Fact]
    public async Task Python()
    {
        using var folder = new TempFolder();
        folder.Write("page.txt", "from python");
        var port = FreePort.Tcp();
        using var peer = PeerProcess.Start("python3", ["-m", "http.server", "--bind", "127.0.0.1", "--directory", folder.Path, $"{port}"]);
        using var requester = new HttpRequester();
        var (response, body) = await WaitForAsync(requester, Url.Parse($"http://127.0.0.1:{port}/page.txt"));
        Assert.Equal((200, HttpVersion.Http10, "from python"), (response.Status, response.Version, body));
        Assert.Equal(404, (await requester.GetTextAsync(Url.Parse($"http://127.0.0.1:{port}/none"))).Response.Status);
        var post = new ClientRequest("POST", Url.Parse($"http://127.0.0.1:{port}/"), RequestBody.FromText("x"));
        Assert.Equal(501, (await requester.SendTextAsync(post)).Response.Status);
    }

    [Fact]
    public async Task Nginx()
    {
        using var folder = new TempFolder();
        var port = FreePort.Tcp();
        var text = string.Concat(Enumerable.Repeat("compress me, please. ", 2000));
        folder.Write("www/page.txt", text);
        var configuration = folder.Write("nginx.conf", $$"""
            daemon off; master_process off; pid {{folder["pid"]}}; error_log {{folder["error.log"]}};
            events { worker_connections 64; }
            http {
                access_log off; client_body_temp_path {{folder["body"]}}; proxy_temp_path {{folder["proxy"]}};
                fastcgi_temp_path {{folder["fastcgi"]}}; uwsgi_temp_path {{folder["uwsgi"]}}; scgi_temp_path {{folder["scgi"]}};
                types { text/plain txt; } gzip on; gzip_types text/plain; gzip_min_length 1; keepalive_requests 5;
                server {
                    listen 127.0.0.1:{{port}}; root {{folder["www"]}};
                    location /old { return 301 /page.txt; }
                    location /upload { client_max_body_size 10; proxy_pass http://127.0.0.1:1; }
                }
            }
            """);
        using var peer = PeerProcess.Start("nginx", ["-c", configuration, "-p", folder.Path, "-e", folder["start.log"]]);
        using var requester = new HttpRequester();
        var (response, body) = await WaitForAsync(requester, Url.Parse($"http://127.0.0.1:{port}/old"));
        Assert.Equal((200, "gzip", 1, text), (response.Status, response["Content-Encoding"], response.Redirects, body));

        // nginx closes behind every fifth request; none of ours fails.
        for (var i = 0; i < 23; i++)
            Assert.Equal(text, (await requester.GetTextAsync(Url.Parse($"http://127.0.0.1:{port}/page.txt"))).Body);

        // Refused by its length before it is sent.
        var large = RequestBody.FromWriter((output, stop) => output.WriteAsync(new byte[100_000], stop).AsTask(), 100_000);
        var refused = await requester.SendTextAsync(new ClientRequest("POST", Url.Parse($"http://127.0.0.1:{port}/upload"), large) { ExpectsContinue = true });
        Assert.Equal(413, refused.Response.Status);
    }

    private static async Task<(ClientResponse Response, string Body)> WaitForAsync(HttpRequester requester, Url url)
    {
        for (var until = Environment.TickCount64 + 20_000; ;)
        {
            try
            {
                return await requester.GetTextAsync(url);
            }
            catch (ClientException exception) when (exception.Fault == ClientFault.Connect && Environment.TickCount64 < until)
            {
                await Task.Delay(50);
            }
        }
    }
}
