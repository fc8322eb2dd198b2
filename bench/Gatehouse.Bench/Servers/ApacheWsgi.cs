using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Servers;

/// <summary>Apache with mod_wsgi embedded in its one process: the application in the server itself.</summary>
internal sealed class ApacheWsgi(int threads) : IServerProgram
{
    /// <summary>How many threads answer: with fewer than the load has connections it ends kept ones.</summary>
    public static readonly ApacheWsgi[] Choices = [new(64), new(128)];

    private const string Modules = "/usr/lib/apache2/modules";

    public string Name => "apache+mod_wsgi";
    public string Settings => $"mpm_event, one process of {threads} threads, embedded";

    public Launch Configure(ServerSetup setup)
    {
        var app = setup.Application!;
        var file = setup.Write("apache.conf", $"""
            ServerRoot {setup.Folder}
            ServerName 127.0.0.1
            Listen 127.0.0.1:{setup.Port}
            PidFile {setup.Folder}/apache.pid
            DefaultRuntimeDir {setup.Folder}
            ErrorLog {setup.Folder}/error.log
            LogLevel crit
            {(Environment.UserName == "root" ? "User nobody\nGroup nogroup" : "")}
            LoadModule mpm_event_module {Modules}/mod_mpm_event.so
            LoadModule authz_core_module {Modules}/mod_authz_core.so
            LoadModule wsgi_module {Modules}/mod_wsgi.so
            StartServers 1
            ServerLimit 1
            ThreadsPerChild {threads}
            ThreadLimit {threads}
            MaxRequestWorkers {threads}
            AsyncRequestWorkerFactor 20
            MinSpareThreads 1
            MaxSpareThreads {threads}
            MaxConnectionsPerChild 0
            KeepAlive On
            MaxKeepAliveRequests 0
            KeepAliveTimeout 600
            WSGIRestrictEmbedded Off
            WSGIScriptAlias / {app.Folder}/{app.Module}.py

            """);
        return new Launch("apache2", ["-DFOREGROUND", "-f", file]);
    }
}
