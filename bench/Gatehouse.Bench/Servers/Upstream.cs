using System.Text;
using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Servers;

/// <summary>What proxies pass requests on to: an nginx that answers /up/hello with 13 bytes and /up/NAME with a file.</summary>
internal sealed class Upstream : IServerProgram
{
    /// <summary>For the page.</summary>
    public const string CommonSettings = "nginx, worker_processes 1, sendfile on, open_file_cache on, endless keep-alive";

    public string Name => "upstream";
    public string Settings => "";

    public Launch Configure(ServerSetup setup)
    {
        var text = new StringBuilder($$"""
            daemon off;
            worker_processes 1;
            pid {{setup.Folder}}/nginx.pid;
            error_log {{setup.Folder}}/error.log;
            events { worker_connections 4096; }
            http {
              access_log off;
              types { text/plain txt; }
              default_type text/plain;
              keepalive_requests 1000000000;
              keepalive_timeout 600s;
              sendfile on;
              open_file_cache max=1000 inactive=600s;
              open_file_cache_valid 600s;
              client_body_temp_path {{setup.Folder}}/body;
              proxy_temp_path {{setup.Folder}}/proxy;
              fastcgi_temp_path {{setup.Folder}}/fastcgi;
              uwsgi_temp_path {{setup.Folder}}/uwsgi;
              scgi_temp_path {{setup.Folder}}/scgi;
              server {
                listen 127.0.0.1:{{setup.Port}} backlog=4096;
                location = /up/hello { return 200 "Hello, World!"; }
                location /up/ { alias {{setup.Files}}/; }
              }
            }

            """);
        if (Environment.UserName == "root") text.Insert(0, "user root;\n");
        return new Launch("nginx", ["-c", setup.Write("nginx.conf", text.ToString()), "-e", $"{setup.Folder}/error.log"]);
    }
}
