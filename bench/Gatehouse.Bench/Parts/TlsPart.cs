using Gatehouse.Bench.Load;
using Gatehouse.Bench.Load.Handshakes;
using Gatehouse.Bench.Rows;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Parts;

/// <summary>TLS and HTTP/2, against nginx and HAProxy with the same certificate, suites and number of tickets.</summary>
internal sealed class TlsPart : IPart
{
    private const int KB = 1024;

    public string Name => "tls";

    public IReadOnlyList<(string, string)> Versioned =>
        [("nginx", "-v"), ("haproxy", "-v"), ("wrk", "-v"), ("h2load", "--version"), ("openssl", "version")];

    public IReadOnlyList<string> Method =>
    [
        "one self-signed certificate on P-256 for all; version and suite that each agrees on, and the number of tickets, must be the same or the row fails",
        "keep-alive: wrk, one thread, 64 connections (closed loop); new connections of TLS 1.3: a libssl client of 8 threads, one request each; "
            + "resumed ones of TLS 1.2: openssl s_time -reuse, one after the other; "
            + $"HTTP/2: h2load, {H2Load.Http2Connections} connections with {H2Load.Streams} streams each (closed loop)",
        $"nginx: {Nginx.CommonSettings}; {Nginx.TlsSettings}; the rest is the best of what is tried, beside the row",
        $"haproxy: {HaProxy.CommonSettings}; the rest likewise",
        $"upstream of proxies, on the load's core: {Upstream.CommonSettings}",
    ];

    public IReadOnlyList<IRow> Rows =>
    [
        new CpuRow("https-hello", "HTTPS keep-alive, 13 bytes, TLS 1.3", 0.90, _ => Workspace.Hello, [new Nginx()]) { Secure = true, AllocatesNothing = true },
        new CpuRow("https-100k", "HTTPS, 100 KB file", 1.03, files => files.FileOf(100 * KB), Nginx.TlsFileChoices) { Secure = true },
        new CpuRow("handshakes", "full handshakes, a new connection for each request", 1.05, _ => Closing, Nginx.SessionChoices, HaProxy.SessionChoices)
        {
            Secure = true, Tool = HandshakeLoad.FullAsync,
        },
        new CpuRow("resumed-12", "resumed handshakes, TLS 1.2, openssl s_time -reuse", 1.05, _ => Closing, Nginx.SessionChoices)
        {
            Secure = true, Tls12 = true, Tool = OpenSslTime.ResumedAsync,
        },
        new CpuRow("resumed-13", "resumed handshakes, TLS 1.3", 1.05, _ => Closing, Nginx.SessionChoices) { Secure = true, Tool = HandshakeLoad.ResumedAsync },
        new CpuRow("http2", "HTTP/2, 13 bytes", 0.90, _ => Workspace.Hello, [new Nginx()]) { Secure = true, Tool = H2Load.StreamsAsync, AllocatesNothing = true },
        new CpuRow("http2-proxy", "HTTP/2 proxied to an upstream of HTTP/1.1, 13 bytes", 0.90, _ => Workspace.ProxiedHello, Nginx.ProxyChoices, [new HaProxy()])
        {
            Secure = true, Proxied = true, Tool = H2Load.StreamsAsync, AllocatesNothing = true,
        },
        new MemoryRow("tls-memory", "resident memory with idle TLS connections", null, 10) { Secure = true, Connections = 4000 },
    ];

    private static Work Closing => Workspace.Hello with { Closes = true };
}
