using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Servers;

/// <summary>nginx before a program of another kind, which is started as its child, so that both are counted.</summary>
internal static class NginxFront
{
    /// <summary>What every nginx before a program has, for the page.</summary>
    public const string CommonSettings = "worker_processes 1; access_log off; tcp_nodelay on; endless keep-alive; log: combined buffer=64k flush=1s";

    /// <summary>
    /// Starts <paramref name="program"/> and nginx, which passes what it gets on as <paramref name="pass"/> (directives of a location) says; <paramref name="upstream"/>
    /// stands before its server.
    /// </summary>
    public static Launch Configure(ServerSetup setup, string program, string pass, string upstream = "")
    {
        var log = setup.Logged ? $"access_log {setup.AccessLog} combined buffer=64k flush=1s;" : "access_log off;";
        var tls = setup.Tls is { } files
            ? $"ssl_certificate {files.Certificate}; ssl_certificate_key {files.Key}; ssl_protocols TLSv1.2 TLSv1.3; "
                + $"ssl_conf_command Ciphersuites {TlsFiles.Suites}; ssl_prefer_server_ciphers on;"
            : "";
        var file = setup.Write("nginx.conf", $$"""
            daemon off;
            worker_processes 1;
            {{(Environment.UserName == "root" ? "user root;" : "")}}
            pid {{setup.Folder}}/nginx.pid;
            error_log {{setup.Folder}}/error.log;
            events { worker_connections 4096; }
            http {
              {{log}}
              {{tls}}
              tcp_nodelay on;
              keepalive_requests 1000000000;
              keepalive_timeout 600s;
              client_max_body_size 100m;
              client_body_temp_path {{setup.Folder}}/body;
              proxy_temp_path {{setup.Folder}}/proxy;
              fastcgi_temp_path {{setup.Folder}}/fastcgi;
              uwsgi_temp_path {{setup.Folder}}/uwsgi;
              scgi_temp_path {{setup.Folder}}/scgi;
              {{upstream}}
              server {
                listen 127.0.0.1:{{setup.Port}} {{(setup.Tls is null ? "" : "ssl")}} backlog=4096;
                location / { {{pass}} }
              }
            }

            """);
        return new Launch("sh", ["-c", $"{program} & exec nginx -c {file} -e {setup.Folder}/error.log"]);
    }
}
