using Gatehouse.Bench.Load;
using Gatehouse.Bench.Rows;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Parts;

/// <summary>Programs behind a front: WSGI, ASGI, FastCGI and CGI, against the chains that people assemble for them.</summary>
internal sealed class GatewaysPart : IPart
{
    private const string Hello = "hello";

    public string Name => "gateways";

    public IReadOnlyList<(string, string)> Versioned =>
    [
        ("nginx", "-v"), ("lighttpd", "-v"), ("php-fpm8.2", "-v"), ("uwsgi", "--version"), ("/usr/bin/gunicorn", "--version"), ("apache2", "-v"),
        (PythonApplication.Interpreter, "--version"), ("wrk", "-v"),
    ];

    public IReadOnlyList<string> Method =>
    [
        "HTTP/1.1 keep-alive, 64 connections; wrk, one thread (closed loop)",
        $"WSGI and ASGI: Debian's Python, one worker; CPU of all processes of a side summed, all on the server's core, unless the row says otherwise; nginx: {NginxFront.CommonSettings}",
        $"FastCGI, the same pool behind each front, on the load's core, so that the front's CPU alone counts: {PhpPool.CommonSettings}; 64 kept connections on each front",
        "CGI: a shell script of one printf; CPU of all processes of the server, counted by a control group, so that scripts count whose parent does not wait for them",
    ];

    public IReadOnlyList<IRow> Rows =>
    [
        new CpuRow("wsgi", "WSGI hello, one worker, kept connections", 0.45, _ => Workspace.ApplicationHello, Uwsgi.BehindNginx) { Application = Hello },
        new CpuRow("wsgi-new", "WSGI hello, one worker, a new connection for each request", 1.00, _ => Closing, Uwsgi.Alone) { Application = Hello },
        new CpuRow("wsgi-sync", "WSGI hello, one worker, against gunicorn's sync worker, which closes each connection", 0.22, _ => MayClose, Gunicorn.Sync) { Application = Hello },
        new CpuRow("wsgi-gthread", "WSGI hello, one worker, against gunicorn's gthread worker with kept connections", 0.35, _ => Workspace.ApplicationHello, Gunicorn.Threaded)
        {
            Application = Hello,
        },
        new CpuRow("wsgi-tls", "WSGI hello, one worker, with TLS and access log", 0.55, _ => Workspace.ApplicationHello, Uwsgi.BehindNginx)
        {
            Application = Hello, Secure = true, Logged = true,
        },
        new SplitRow("wsgi-split", "WSGI hello, front and worker on different cores", 1.3, Hello, Workspace.ApplicationHello, Uwsgi.BehindNginx),
        new CpuRow("wsgi-embedded", "WSGI hello, against mod_wsgi in Apache's own process", 1.00, _ => Workspace.ApplicationHello, ApacheWsgi.Choices) { Application = Hello },
        new CpuRow("flask", "Flask hello", 0.60, _ => Workspace.ApplicationHello, Gunicorn.BehindNginx) { Application = "hello_flask" },
        new CpuRow("wsgi-up", "WSGI, a body of 1 MB up", 1.03, _ => Workspace.ApplicationUpload, Uwsgi.BehindNginx, Gunicorn.BehindNginx) { Application = Hello },
        new CpuRow("wsgi-down", "WSGI, an answer of 1 MB", 1.03, _ => Workspace.ApplicationDownload, Uwsgi.BehindNginx, Gunicorn.BehindNginx) { Application = Hello },
        new CpuRow("asgi", "ASGI hello", 0.70, _ => Workspace.ApplicationHello, [new Uvicorn()]) { Application = "hello_asgi" },
        new CpuRow("fastcgi", "FastCGI to php-fpm, 13-byte answer, kept connections", 0.90, _ => Workspace.PhpHello, [new Nginx()]) { WithPhp = true },
        new CpuRow("cgi", "CGI, shell script, 13-byte answer", 1.03, _ => Workspace.CgiHello, NginxFcgiwrap.Choices, [new Lighttpd()]) { WithCgi = true },
        new PreloadRow("preload", "memory of 8 preloaded Django workers", "hello_django", 8, Gunicorn.Sync[0]),
        new SlowClientsRow("slow", "two workers beside 200 clients at 1 KB/s", 2, Hello),
    ];

    private static Work MayClose => Workspace.ApplicationHello with { MayClose = true };

    private static Work Closing => Workspace.ApplicationHello with { Closes = true, IsUndated = true };
}
