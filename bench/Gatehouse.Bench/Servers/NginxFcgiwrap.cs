using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Servers;

/// <summary>nginx and fcgiwrap, which runs the scripts.</summary>
internal sealed class NginxFcgiwrap(int children) : IServerProgram
{
    /// <summary>How many scripts can run at a time.</summary>
    public static readonly NginxFcgiwrap[] Choices = [new(4), new(16), new(64)];

    public string Name => "nginx+fcgiwrap";
    public string Settings => $"fcgiwrap -c {children}";

    public Launch Configure(ServerSetup setup) => NginxFront.Configure(setup, $"fcgiwrap -c {children} -s unix:{setup.Folder}/wrap.sock", $"""
        fastcgi_pass unix:{setup.Folder}/wrap.sock;
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
        fastcgi_param DOCUMENT_ROOT {Path.GetDirectoryName(setup.CgiFolder)};
        fastcgi_param SCRIPT_FILENAME {Path.GetDirectoryName(setup.CgiFolder)}$fastcgi_script_name;
        """);
}
