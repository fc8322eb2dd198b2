using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Servers;

/// <summary>lighttpd, which runs CGI scripts itself.</summary>
internal sealed class Lighttpd : IServerProgram
{
    public string Name => "lighttpd";
    public string Settings => "";

    public Launch Configure(ServerSetup setup)
    {
        var file = setup.Write("lighttpd.conf", $$"""
            server.modules = ("mod_cgi", "mod_alias")
            server.document-root = "{{setup.Files}}"
            server.bind = "127.0.0.1"
            server.port = {{setup.Port}}
            server.errorlog = "{{setup.Folder}}/error.log"
            server.max-keep-alive-requests = 1000000000
            server.max-connections = 2048
            server.max-fds = 8192
            server.listen-backlog = 1024
            alias.url = ("/cgi-bin/" => "{{setup.CgiFolder}}/")
            $HTTP["url"] =~ "^/cgi-bin/" { cgi.assign = ("" => "") }

            """);
        return new Launch("lighttpd", ["-D", "-f", file]);
    }
}
