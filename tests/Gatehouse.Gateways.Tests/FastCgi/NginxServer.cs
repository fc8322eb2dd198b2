using Gatehouse.Gateways.FastCgi.Responder;
using Gatehouse.Http;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Testing;

namespace Gatehouse.Gateways.Tests.FastCgi;

/// <summary>A handler of the test behind real nginx, by FastCGI: once over TCP with kept connections, once over a Unix socket with a new one each.</summary>
internal sealed class NginxServer : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FastCgiServer _tcp;
    private readonly FastCgiServer _unix;
    private readonly PeerProcess _nginx;

    public NginxServer(IHandler handler, FastCgiServerOptions? options = null)
    {
        _tcp = FastCgiServer.Start(Endpoint.Parse("127.0.0.1:0"), handler, options);
        _unix = FastCgiServer.Start(Endpoint.Parse("unix:" + _folder["app.sock"]), handler, options);
        Port = FreePort.Tcp();
        const string Variables = """
            fastcgi_param REQUEST_METHOD $request_method; fastcgi_param REQUEST_URI $request_uri; fastcgi_param QUERY_STRING $query_string;
            fastcgi_param CONTENT_TYPE $content_type; fastcgi_param CONTENT_LENGTH $content_length; fastcgi_param SERVER_PROTOCOL $server_protocol;
            fastcgi_param REMOTE_ADDR $remote_addr; fastcgi_param REMOTE_PORT $remote_port; fastcgi_param SERVER_ADDR $server_addr;
            fastcgi_param SERVER_PORT $server_port; fastcgi_param SERVER_NAME $server_name; fastcgi_param HTTPS $https if_not_empty;
            """;
        _folder.Write("nginx.conf", $$"""
            daemon off;
            worker_processes 1;
            {{(Environment.UserName == "root" ? "user root;" : "")}}
            pid {{_folder["pid"]}};
            error_log stderr;
            events { worker_connections 256; }
            http {
                access_log off;
                client_max_body_size 100m;
                client_body_temp_path {{_folder["body"]}}; proxy_temp_path {{_folder["proxy"]}}; fastcgi_temp_path {{_folder["fastcgi"]}};
                uwsgi_temp_path {{_folder["uwsgi"]}}; scgi_temp_path {{_folder["scgi"]}};
                upstream app { server 127.0.0.1:{{_tcp.Endpoint.Port}}; keepalive 4; }
                server {
                    listen 127.0.0.1:{{Port}};
                    {{Variables}}
                    location / { fastcgi_pass app; fastcgi_keep_conn on; }
                    location /unix/ { fastcgi_pass unix:{{_folder["app.sock"]}}; fastcgi_request_buffering off; fastcgi_buffering off; }
                }
            }
            """);
        _nginx = PeerProcess.Start("nginx", ["-p", _folder.Path, "-e", "stderr", "-c", _folder["nginx.conf"]]);
        _nginx.WaitForPort(Port);
    }

    public int Port { get; }

    /// <summary>Connections that nginx has open to the program over TCP.</summary>
    public int Kept => _tcp.ConnectionCount;

    public RawResponse Get(string target, string fields = "", string method = "GET", byte[]? body = null)
    {
        using var client = RawClient.Connect(Port, timeout: TimeSpan.FromSeconds(30));
        client.Send($"{method} {target} HTTP/1.1\r\nHost: test.example\r\n{fields}{(body is null ? "" : $"Content-Length: {body.Length}\r\n")}\r\n");
        if (body is not null)
            client.Send(body);
        return client.ReadResponse(method == "HEAD");
    }

    public RawClient Connect() => RawClient.Connect(Port, timeout: TimeSpan.FromSeconds(30));

    public void Dispose()
    {
        _nginx.Dispose();
        _tcp.Dispose();
        _unix.Dispose();
        _folder.Dispose();
    }
}
