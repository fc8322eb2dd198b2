using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Servers;

/// <summary>gunicorn with one worker of a kind, alone or behind nginx over a Unix socket.</summary>
internal sealed class Gunicorn(bool behindNginx, int threads = 0) : IServerProgram
{
    /// <summary>A worker that closes each connection after its answer.</summary>
    public static readonly Gunicorn[] Sync = [new(false)];

    /// <summary>A worker with threads that keeps connections.</summary>
    public static readonly Gunicorn[] Threaded = [new(false, 1), new(false, 2), new(false, 4)];

    /// <summary>Either, behind nginx.</summary>
    public static readonly Gunicorn[] BehindNginx = [new(true), new(true, 1), new(true, 4)];

    public string Name => (behindNginx ? "nginx+" : "") + "gunicorn";
    public string Settings => threads == 0 ? "sync" : $"gthread, {threads} threads";

    public Launch Configure(ServerSetup setup)
    {
        var app = setup.Application!;
        var place = behindNginx ? $"unix:{setup.Folder}/app.sock" : $"127.0.0.1:{setup.Port}";
        var kind = threads == 0 ? "-k sync" : $"-k gthread --threads {threads} --keep-alive 600";
        var workers = app.Workers > 1 ? $"-w {app.Workers} --preload" : "-w 1";
        var command = $"{PythonApplication.Interpreter} -m gunicorn {workers} {kind} -b {place} --chdir {app.Folder} --log-level critical {app.Name}";
        return behindNginx
            ? NginxFront.Configure(
                setup, command, "proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection \"\"; proxy_set_header Host $http_host; proxy_max_temp_file_size 0;",
                $"upstream app {{ server unix:{setup.Folder}/app.sock; keepalive 64; keepalive_requests 1000000000; keepalive_timeout 500s; }}")
            : new Launch("sh", ["-c", "exec " + command]) { Environment = setup.ApplicationEnvironment };
    }
}
