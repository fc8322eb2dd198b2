namespace Gatehouse.Interop.Tests.Proxying;

/// <summary>A server before an nginx with one worker, shared by the tests of a class.</summary>
public sealed class NginxServer : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly PeerProcess _nginx;

    public NginxServer()
    {
        var port = FreePort.Tcp();
        _folder.Write("root/small.txt", "small file\n");
        _folder.Write("root/big.bin", Big);
        _folder.Write("root/text.html", string.Concat(Enumerable.Repeat("<p>compressible</p>\n", 20_000)) + "the end");
        _folder.Write("nginx.conf", $$$"""
            daemon off;
            worker_processes 1;
            {{{(Environment.UserName == "root" ? "user root;" : "")}}}
            pid {{{_folder["pid"]}}};
            error_log stderr;
            events { worker_connections 512; }
            http {
                access_log off;
                root {{{_folder["root"]}}};
                gzip on;
                gzip_proxied any;
                types { text/html html; text/plain txt; }
                client_body_temp_path {{{_folder["body"]}}};
                proxy_temp_path {{{_folder["proxy"]}}};
                fastcgi_temp_path {{{_folder["fastcgi"]}}};
                uwsgi_temp_path {{{_folder["uwsgi"]}}};
                scgi_temp_path {{{_folder["scgi"]}}};
                server {
                    listen 127.0.0.1:{{{port}}};
                    listen unix:{{{_folder["socket"]}}};
                    location /small-bodies { client_max_body_size 1k; proxy_pass http://127.0.0.1:{{{port}}}/; }
                    location /short-lived/ { alias {{{_folder["root"]}}}/; keepalive_requests 3; }
                }
            }
            """);
        _nginx = PeerProcess.Start("nginx", ["-p", _folder.Path, "-e", "stderr", "-c", _folder["nginx.conf"]]);
        _nginx.WaitForPort(port);
        Served = Served.Start($$$"""
            sites:
              - routes:
                  - {match: /tcp/*, proxy: {to: ["127.0.0.1:{{{port}}}"], strip: /tcp}}
                  - {match: /unix/*, proxy: {to: ["unix:{{{_folder["socket"]}}}"], strip: /unix}}
                  - {match: /*, proxy: {to: ["127.0.0.1:{{{port}}}"]}}
            """);
    }

    public Served Served { get; }

    /// <summary>What /big.bin holds.</summary>
    public byte[] Big { get; } = Noise.Bytes(3 << 20);

    public void Dispose()
    {
        Served.Dispose();
        _nginx.Dispose();
        _folder.Dispose();
    }
}
