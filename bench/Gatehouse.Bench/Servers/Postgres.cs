using System.Globalization;
using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Servers;

/// <summary>Debian's PostgreSQL with the tables of TechEmpower's tests: a cluster of its own in the run's folder, on the load's core.</summary>
internal sealed class Postgres : IAsyncDisposable
{
    /// <summary>For the page.</summary>
    public const string CommonSettings = "shared_buffers=256MB fsync=off synchronous_commit=off full_page_writes=off max_connections=200";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private readonly Child _child;

    private Postgres(Child child, int port) => (_child, Port) = (child, port);

    public int Port { get; }

    /// <summary>For programs in C#.</summary>
    public string ConnectionString =>
        $"Host=127.0.0.1;Port={Port};Database=postgres;Username=postgres;SSL Mode=Disable;Maximum Pool Size=64;No Reset On Close=true;Max Auto Prepare=8;Auto Prepare Min Usages=2";

    /// <summary>For programs in Python.</summary>
    public string Url => $"postgresql://postgres@127.0.0.1:{Port}/postgres";

    /// <exception cref="RowFailedException">It is not installed, or does not start.</exception>
    public static async Task<Postgres> StartAsync(Session session, string schema)
    {
        var programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(name => int.Parse(Path.GetFileName(name), CultureInfo.InvariantCulture)).FirstOrDefault()
            : null;
        if (programs is null) throw new RowFailedException("PostgreSQL is not installed (Debian's package postgresql)");
        var setup = session.Workspace.NewServer("postgres");
        if (Environment.UserName == "root") await RunAsync(new Launch("chown", ["postgres", setup.Folder]));
        var data = Path.Combine(setup.Folder, "data");
        await RunAsync(AsOwner($"{programs}/bin/initdb", ["-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"]));
        List<string> settings = ["-D", data, "-k", setup.Folder, "-h", "127.0.0.1", "-p", $"{setup.Port}"];
        foreach (var setting in CommonSettings.Split(' ')) settings.AddRange(["-c", setting]);
        var child = Child.Start(AsOwner($"{programs}/bin/postgres", settings), session.Cores.LoadOnly);
        var postgres = new Postgres(child, setup.Port);
        try
        {
            for (var waited = TimeSpan.Zero; (await Child.TryRunAsync(new Launch($"{programs}/bin/pg_isready", ["-h", "127.0.0.1", "-p", $"{setup.Port}"]), [], Bound, session.Stop)).Code != 0;)
            {
                if (child.HasExited || (waited += TimeSpan.FromMilliseconds(100)) > Bound) throw new RowFailedException($"PostgreSQL did not start: {await child.OutputAsync()}");
                await Task.Delay(100, session.Stop);
            }
            await RunAsync(new Launch($"{programs}/bin/psql", ["-q", "-v", "ON_ERROR_STOP=1", "-d", postgres.Url, "-f", schema]));
            return postgres;
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }

        Task<string> RunAsync(Launch launch) => Child.RunAsync(launch, [], Bound, session.Stop);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _child.DisposeAsync();

    // It refuses to run as root; setpriv execs, so that the id is the server's own.
    private static Launch AsOwner(string program, IReadOnlyList<string> arguments) => Environment.UserName == "root"
        ? new Launch("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments])
        : new Launch(program, arguments);
}
