using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Servers;

/// <summary>HAProxy with one thread, as a proxy or with an answer of its own; <paramref name="global"/> and <paramref name="defaults"/> lines are the choice.</summary>
internal sealed class HaProxy(string global = "", string defaults = "") : IServerProgram
{
    /// <summary>What every HAProxy here has, for the page.</summary>
    public const string CommonSettings = "nbthread 1; no log; option http-keep-alive; http-reuse always; pool-purge-delay 600s";

    /// <summary>How proxied answers can be passed on.</summary>
    public static readonly HaProxy[] Choices = [new(), new(global: "tune.bufsize 65536"), new(defaults: "option splice-response")];

    /// <summary>How sessions can be kept, besides the tickets that all give.</summary>
    public static readonly HaProxy[] SessionChoices = [new(), new(global: "tune.ssl.cachesize 0")];

    public string Name => "haproxy";
    public string Settings => string.Join("; ", new[] { global, defaults }.Where(s => s.Length > 0));

    public Launch Configure(ServerSetup setup)
    {
        var tls = setup.Tls is { } files
            ? $"ssl crt {files.Both} alpn h2,http/1.1 ssl-min-ver TLSv1.2 ciphers {TlsFiles.Ciphers} ciphersuites {TlsFiles.Suites} curves X25519:P-256:P-384"
            : "";
        // The head that the others send too.
        var answer = setup.Upstream is { } upstream
            ? $"default_backend up\nbackend up\n  server one 127.0.0.1:{upstream} pool-purge-delay 600s"
            : "http-request return status 200 content-type text/plain string \"Hello, World!\" hdr Date %[date,http_date] hdr Server haproxy";
        var text = $"""
            global
              nbthread 1
              maxconn 4096
              {global}
            defaults
              mode http
              option http-keep-alive
              http-reuse always
              timeout client 600s
              timeout server 600s
              timeout connect 5s
              timeout http-keep-alive 600s
              {defaults}
            frontend front
              bind 127.0.0.1:{setup.Port} {tls}
              {answer}

            """;
        return new Launch("haproxy", ["-db", "-f", setup.Write("haproxy.cfg", text)]);
    }
}
