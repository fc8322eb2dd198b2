using Gatehouse.Bench.Rows;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Parts;

/// <summary>The engine and the edge: HTTP/1.1 answers, files, proxying, log, connections, against nginx and HAProxy.</summary>
internal sealed class EnginePart : IPart
{
    private const int KB = 1024;

    public string Name => "engine";

    public IReadOnlyList<(string, string)> Versioned => [("nginx", "-v"), ("haproxy", "-v"), ("wrk", "-v"), ("h2load", "--version")];

    public IReadOnlyList<string> Method =>
    [
        "HTTP/1.1 keep-alive, 64 connections, access log off unless the row says on; wrk, one thread (closed loop); latency row: h2load --h1 --rps (open loop)",
        $"nginx: {Nginx.CommonSettings}; the rest is the best of what is tried, beside the row",
        $"haproxy: {HaProxy.CommonSettings}; the rest likewise",
        $"upstream of proxies, on the load's core: {Upstream.CommonSettings}",
    ];

    public IReadOnlyList<IRow> Rows =>
    [
        new CpuRow("hello", "fixed 13-byte answer", 0.90, _ => Workspace.Hello, [new Nginx()]) { AllocatesNothing = true },
        new CpuRow("file-1k", "1 KB file", 0.90, files => files.FileOf(KB), Nginx.FileChoices),
        new CpuRow("file-100k", "100 KB file", 1.03, files => files.FileOf(100 * KB), Nginx.FileChoices),
        new CpuRow("file-10m", "10 MB file", 1.03, files => files.FileOf(10 * KB * KB), Nginx.FileChoices),
        new CpuRow("proxy-hello", "proxied 13-byte answer, upstream keep-alive", 0.80, _ => Workspace.ProxiedHello, Nginx.ProxyChoices, HaProxy.Choices)
        {
            Proxied = true, AllocatesNothing = true,
        },
        new CpuRow("proxy-100k", "proxied 100 KB answer", 1.03, files => files.ProxiedFileOf(100 * KB), Nginx.ProxyChoices, HaProxy.Choices) { Proxied = true },
        new CpuRow("log", "access log on, 1 KB file", 0.95, files => files.FileOf(KB), Nginx.FileChoices) { Logged = true },
        new CpuRow("connections", "a new connection for each request", 1.03, _ => Workspace.Hello with { Closes = true }, Nginx.AcceptChoices),
        new ReactorsRow("reactors", "two reactors on both cores, load alongside", 1.10),
        new MemoryRow("memory", "resident memory, idle and with 10,000 idle connections", 45, 1),
        new LatencyRow("latency", "p99 at half of nginx's peak rate", 1.00),
        new StartRow("start", "start to first answer", 250),
    ];
}
