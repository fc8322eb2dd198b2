namespace Gatehouse.Interop.Tests.Support;

/// <summary>An nginx with one location of one line, and a certificate for a.test.</summary>
public sealed class OneLineNginx : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly PeerProcess _nginx;

    /// <summary>Starts it with a line for its location and parameters for its listen.</summary>
    public OneLineNginx(string line, string listen)
    {
        _folder.Write("ca.pem", _authority.Pem);
        var (certificate, key) = _authority.Issue(["a.test"]);
        _folder.Write("a.pem", certificate);
        _folder.Write("a.key", key);
        _folder.Write("nginx.conf", $$"""
            daemon off;
            worker_processes 1;
            {{(Environment.UserName == "root" ? "user root;" : "")}}
            pid {{_folder["pid"]}};
            error_log stderr;
            events { worker_connections 512; }
            http {
                access_log off;
                default_type text/plain;
                client_body_temp_path {{_folder["body"]}};
                proxy_temp_path {{_folder["proxy"]}};
                fastcgi_temp_path {{_folder["fastcgi"]}};
                uwsgi_temp_path {{_folder["uwsgi"]}};
                scgi_temp_path {{_folder["scgi"]}};
                ssl_certificate {{_folder["a.pem"]}};
                ssl_certificate_key {{_folder["a.key"]}};
                server {
                    listen 127.0.0.1:{{Port}} {{listen}};
                    location / { {{line}}; }
                }
            }
            """);
        _nginx = PeerProcess.Start("nginx", ["-p", _folder.Path, "-e", "stderr", "-c", _folder["nginx.conf"]]);
        _nginx.WaitForPort(Port);
    }

    /// <summary>Its port of 127.0.0.1.</summary>
    public int Port { get; } = FreePort.Tcp();

    /// <summary>The file of the authority that signed for a.test.</summary>
    public string Authority => _folder["ca.pem"];

    public void Dispose()
    {
        _nginx.Dispose();
        _folder.Dispose();
        _authority.Dispose();
    }
}
