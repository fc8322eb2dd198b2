using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Servers;

/// <summary>HAProxy with one thread, as a proxy; <paramref name="global"/> and <paramref name="defaults"/> lines are the choice.</summary>
internal sealed class HaProxy(string global = "", string defaults = "") : IServerProgram
{
    /// <summary>What every HAProxy here has, for the page.</summary>
    public const string CommonSettings = "nbthread 1; no log; option http-keep-alive; http-reuse always; pool-purge-delay 600s";

    /// <summary>How proxied answers can be passed on.</summary>
    public static readonly HaProxy[] Choices = [new(), new(global: "tune.bufsize 65536"), new(defaults: "option splice-response")];

    public string Name => "haproxy";
    public string Settings => string.Join("; ", new[] { global, defaults }.Where(s => s.Length > 0));

    public Launch Configure(ServerSetup setup)
    {
        var upstream = setup.Upstream ?? throw new InvalidOperationException("HAProxy runs only in rows with an upstream");
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
              bind 127.0.0.1:{setup.Port}
              default_backend up
            backend up
              server one 127.0.0.1:{upstream} pool-purge-delay 600s

            """;
        return new Launch("haproxy", ["-db", "-f", setup.Write("haproxy.cfg", text)]);
    }
}
