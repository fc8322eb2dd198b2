using System.Diagnostics;

namespace Gatehouse.Web.Data.Tests.Support;

/// <summary>Debian's PostgreSQL with a cluster of its own in a folder of its own, at a free port of the loopback; ended by its id.</summary>
public sealed class PostgresCluster : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly TempFolder _folder = new();
    private Process? _server;
    private int _databases;

    /// <summary>Why there is none; null when there is.</summary>
    public string? Absence { get; private set; }

    /// <summary>The port.</summary>
    public int Port { get; private set; }

    /// <summary>A connection string to a database that nobody has made yet.</summary>
    public string NewDatabase() =>
        $"Host=127.0.0.1;Port={Port};Database=test{Interlocked.Increment(ref _databases)};Username=postgres;SSL Mode=Disable;Pooling=false;Timeout=30";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        const string Versions = "/usr/lib/postgresql";
        var programs = Directory.Exists(Versions) ? Directory.GetDirectories(Versions).Order(StringComparer.Ordinal).LastOrDefault() : null;
        if (programs is null)
        {
            Absence = "PostgreSQL is not installed (Debian's package postgresql)";
            return;
        }
        if (Environment.UserName == "root")
            await RunAsync("chown", "postgres", _folder.Path);
        await RunAsOwnerAsync($"{programs}/bin/initdb", "-D", _folder["data"], "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync");
        Port = FreePort.Tcp();
        _server = Start(AsOwner([$"{programs}/bin/postgres", "-D", _folder["data"], "-k", _folder.Path, "-h", "127.0.0.1", "-p", $"{Port}", "-c", "fsync=off"]));
        for (var clock = Stopwatch.StartNew(); !await TryRunAsync($"{programs}/bin/pg_isready", "-h", "127.0.0.1", "-p", $"{Port}");)
        {
            Assert.False(_server.HasExited, "PostgreSQL has ended");
            Assert.True(clock.Elapsed < Limit, "PostgreSQL is not ready in time");
            await Task.Delay(50);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false } server)
        {
            // SIGINT is its fast shutdown: it does not wait for clients.
            await TryRunAsync("kill", "-INT", $"{server.Id}");
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            try
            {
                await server.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                server.Kill(entireProcessTree: true);
            }
        }
        _server?.Dispose();
        _folder.Dispose();
    }

    private static string[] AsOwner(string[] words) =>
        Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", .. words] : words;

    private static Task RunAsOwnerAsync(params string[] words) => RunAsync(AsOwner(words));

    private static async Task RunAsync(params string[] words) => Assert.True(await TryRunAsync(words), $"{words[0]} failed");

    private static async Task<bool> TryRunAsync(params string[] words)
    {
        using var process = Start(words);
        await process.WaitForExitAsync().WaitAsync(Limit);
        return process.ExitCode == 0;
    }

    private static Process Start(string[] words)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" },
        };
        process.Start();
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
