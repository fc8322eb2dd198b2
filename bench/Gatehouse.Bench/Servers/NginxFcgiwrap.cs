using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Servers;

/// <summary>nginx and fcgiwrap, which runs the scripts; fcgiwrap is a child of nginx's master, so that both are counted.</summary>
internal sealed class NginxFcgiwrap(int children) : IServerProgram
{
    /// <summary>How many scripts can run at a time.</summary>
    public static readonly NginxFcgiwrap[] Choices = [new(4), new(16), new(64)];

    public string Name => "nginx+fcgiwrap";
    public string Settings => $"fcgiwrap -c {children}";

    public Launch Configure(ServerSetup setup)
    {
        var user = Environment.UserName == "root" ? "user root;" : "";
        var file = setup.Write("nginx.conf", $$"""
            daemon off;
            worker_processes 1;
            {{user}}
            pid {{setup.Folder}}/nginx.pid;
            error_log {{setup.Folder}}/error.log;
            events { worker_connections 4096; }
            http {
              access_log off;
              keepalive_requests 1000000000;
              client_body_temp_path {{setup.Folder}}/body;
              proxy_temp_path {{setup.Folder}}/proxy;
              fastcgi_temp_path {{setup.Folder}}/fastcgi;
              uwsgi_temp_path {{setup.Folder}}/uwsgi;
              scgi_temp_path {{setup.Folder}}/scgi;
              server {
                listen 127.0.0.1:{{setup.Port}} backlog=4096;
                location /cgi-bin/ {
                  fastcgi_pass unix:{{setup.Folder}}/wrap.sock;
                  fastcgi_param GATEWAY_INTERFACE CGI/1.1;
                  fastcgi_param REQUEST_METHOD $request_method;
                  fastcgi_param QUERY_STRING $query_string;
                  fastcgi_param REQUEST_URI $request_uri;
                  fastcgi_param SERVER_PROTOCOL $server_protocol;
                  fastcgi_param SERVER_NAME $server_name;
                  fastcgi_param SERVER_PORT $server_port;
                  fastcgi_param REMOTE_ADDR $remote_addr;
                  fastcgi_param REMOTE_PORT $remote_port;
                  fastcgi_param SCRIPT_NAME $fastcgi_script_name;
                  fastcgi_param DOCUMENT_ROOT {{Path.GetDirectoryName(setup.CgiFolder)}};
                  fastcgi_param SCRIPT_FILENAME {{Path.GetDirectoryName(setup.CgiFolder)}}$fastcgi_script_name;
                }
              }
            }

            """);
        return new Launch("sh", ["-c", $"fcgiwrap -c {children} -s unix:{setup.Folder}/wrap.sock & exec nginx -c {file} -e {setup.Folder}/error.log"]);
    }
}
