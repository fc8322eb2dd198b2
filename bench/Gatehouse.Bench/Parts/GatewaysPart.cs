using Gatehouse.Bench.Rows;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Parts;

/// <summary>Programs behind a front: FastCGI and CGI, against nginx, fcgiwrap and lighttpd.</summary>
internal sealed class GatewaysPart : IPart
{
    public string Name => "gateways";

    public IReadOnlyList<(string, string)> Versioned => [("nginx", "-v"), ("lighttpd", "-v"), ("php-fpm8.2", "-v"), ("wrk", "-v")];

    public IReadOnlyList<string> Method =>
    [
        "HTTP/1.1 keep-alive, 64 connections; wrk, one thread (closed loop)",
        $"FastCGI, the same pool behind each front, on the load's core, so that the front's CPU alone counts: {PhpPool.CommonSettings}; 64 kept connections on each front",
        "CGI: a shell script of one printf; CPU of all processes of the server, scripts included",
    ];

    public IReadOnlyList<IRow> Rows =>
    [
        new CpuRow("fastcgi", "FastCGI to php-fpm, 13-byte answer, kept connections", 0.90, _ => Workspace.PhpHello, [new Nginx()]) { WithPhp = true },
        new CpuRow("cgi", "CGI, shell script, 13-byte answer", 1.03, _ => Workspace.CgiHello, NginxFcgiwrap.Choices, [new Lighttpd()]) { WithCgi = true },
    ];
}
