using System.Text;
using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Servers;

/// <summary>
/// nginx with one worker; <paramref name="directives"/> (of the http block) and <paramref name="listen"/> (parameters of listen) are the choice.
/// </summary>
internal sealed class Nginx(string directives = "", string listen = "") : IServerProgram
{
    public const string Title = "nginx";

    /// <summary>What every nginx here has, for the page.</summary>
    public const string CommonSettings =
        "worker_processes 1; access_log off; open_file_cache max=1000 inactive=600s; open_file_cache_valid 600s; open_file_cache_min_uses 1; tcp_nodelay on; "
        + "keepalive_requests 1000000000; upstream: keepalive 512, proxy_http_version 1.1, empty Connection header; log: combined buffer=64k flush=1s";

    /// <summary>How files can be sent.</summary>
    public static readonly Nginx[] FileChoices = [new("sendfile off;"), new("sendfile on;"), new("sendfile on; tcp_nopush on;")];

    /// <summary>How connections can be accepted.</summary>
    public static readonly Nginx[] AcceptChoices = [new(), new(listen: "deferred")];

    /// <summary>How proxied answers can be buffered.</summary>
    public static readonly Nginx[] ProxyChoices =
    [
        new("proxy_buffering on;"),
        new("proxy_buffer_size 32k; proxy_buffers 8 32k; proxy_busy_buffers_size 64k;"),
        new("proxy_buffering off; proxy_buffer_size 64k; proxy_buffers 4 64k;"),
    ];

    /// <summary>How sessions can be kept, besides the tickets that all give.</summary>
    public static readonly Nginx[] SessionChoices = [new("ssl_session_cache off;"), new("ssl_session_cache shared:SSL:10m;")];

    /// <summary>How files can be read and sealed.</summary>
    public static readonly Nginx[] TlsFileChoices =
        [new(), new("output_buffers 1 128k;"), new("output_buffers 2 64k; ssl_buffer_size 64k;"), new("ssl_buffer_size 4k;")];

    /// <summary>What every nginx with TLS has, for the page.</summary>
    public const string TlsSettings =
        "suites, curves and their order as Gatehouse's; ssl_prefer_server_ciphers on; ssl_session_tickets on; ssl_session_timeout 12h; listen … ssl http2";

    public string Name => Title;
    public string Settings => string.Join(' ', new[] { directives, listen.Length > 0 ? $"listen … {listen};" : "" }.Where(s => s.Length > 0));

    public Launch Configure(ServerSetup setup)
    {
        var log = setup.Logged ? $"access_log {setup.AccessLog} combined buffer=64k flush=1s;" : "access_log off;";
        var text = new StringBuilder($$"""
            daemon off;
            worker_processes 1;
            worker_rlimit_nofile 16384;
            pid {{setup.Folder}}/nginx.pid;
            error_log {{setup.Folder}}/error.log;
            events { worker_connections 12000; }
            http {
              {{log}}
              types { text/plain txt; }
              default_type text/plain;
              keepalive_requests 1000000000;
              keepalive_timeout 600s;
              tcp_nodelay on;
              open_file_cache max=1000 inactive=600s;
              open_file_cache_valid 600s;
              open_file_cache_min_uses 1;
              client_body_temp_path {{setup.Folder}}/body;
              proxy_temp_path {{setup.Folder}}/proxy;
              fastcgi_temp_path {{setup.Folder}}/fastcgi;
              uwsgi_temp_path {{setup.Folder}}/uwsgi;
              scgi_temp_path {{setup.Folder}}/scgi;
              {{directives}}

            """);
        // A master that is root would hand its workers to a user who may not read the temporary folder.
        if (Environment.UserName == "root") text.Insert(0, "user root;\n");
        if (setup.Upstream is { } upstream)
            text.Append($$"""
                  upstream up { server 127.0.0.1:{{upstream}}; keepalive 512; keepalive_requests 1000000000; keepalive_timeout 600s; }

                """);
        if (setup.PhpSocket is { } php)
            text.Append($$"""
                  upstream php { server unix:{{php}}; keepalive 64; keepalive_requests 1000000000; keepalive_timeout 600s; }

                """);
        if (setup.Tls is { } tls)
            text.Append($$"""
                  ssl_certificate {{tls.Certificate}};
                  ssl_certificate_key {{tls.Key}};
                  ssl_protocols TLSv1.2 TLSv1.3;
                  ssl_ciphers {{TlsFiles.Ciphers}};
                  ssl_conf_command Ciphersuites {{TlsFiles.Suites}};
                  ssl_ecdh_curve X25519:prime256v1:secp384r1;
                  ssl_prefer_server_ciphers on;
                  ssl_session_tickets on;
                  ssl_session_timeout 12h;

                """);
        text.Append($$"""
              server {
                listen 127.0.0.1:{{setup.Port}} {{(setup.Tls is null ? "" : "ssl http2 ")}}backlog=4096 {{listen}};
                location = /hello { return 200 "Hello, World!"; }
                location /files/ { alias {{setup.Files}}/; }

            """);
        if (setup.Upstream is not null)
            text.Append("""
                    location /up/ { proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_max_temp_file_size 0; }

                """);
        if (setup.PhpSocket is not null)
            text.Append($$"""
                    location ~ \.php$ { root {{setup.Files}}; fastcgi_pass php; fastcgi_keep_conn on; include /etc/nginx/fastcgi.conf; }

                """);
        text.Append("  }\n}\n");
        return new Launch("nginx", ["-c", setup.Write("nginx.conf", text.ToString()), "-e", $"{setup.Folder}/error.log"]);
    }
}
