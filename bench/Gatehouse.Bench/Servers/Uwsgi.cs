using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Servers;

/// <summary>uWSGI with one worker, speaking HTTP itself (<c>http-socket</c>: no process before it), or behind nginx over a Unix socket.</summary>
internal sealed class Uwsgi(bool behindNginx, string options = "", string directives = "") : IServerProgram
{
    /// <summary>Speaking HTTP itself.</summary>
    public static readonly Uwsgi[] Alone = [new(false)];

    /// <summary>Behind nginx.</summary>
    public static readonly Uwsgi[] BehindNginx =
    [
        new(true),
        new(true, "--single-interpreter --need-app"),
        new(true, directives: "uwsgi_buffer_size 64k; uwsgi_buffers 8 64k; uwsgi_busy_buffers_size 128k; uwsgi_max_temp_file_size 0; client_body_buffer_size 2m;"),
        new(true, directives: "uwsgi_buffering off; uwsgi_request_buffering off;"),
    ];

    public string Name => behindNginx ? "nginx+uWSGI" : "uWSGI";
    public string Settings => string.Join("; ", new[] { options, directives }.Where(s => s.Length > 0));

    public Launch Configure(ServerSetup setup)
    {
        var app = setup.Application!;
        var place = behindNginx ? $"--socket {setup.Folder}/app.sock" : $"--http-socket 127.0.0.1:{setup.Port} --add-header 'Connection: close'";
        var command = $"uwsgi --plugin python3 {place} --chdir {app.Folder} --module {app.Name} --processes 1 --master --listen 1024 --disable-logging {options}";
        return behindNginx
            ? NginxFront.Configure(setup, command, $"include /etc/nginx/uwsgi_params; uwsgi_pass unix:{setup.Folder}/app.sock; {directives}")
            : new Launch("sh", ["-c", $"exec {command} --die-on-term"]);
    }
}
