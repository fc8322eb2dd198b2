using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Servers;

/// <summary>An application of examples/ in C#: on Gatehouse.Web, or on ASP.NET Core with either server.</summary>
internal sealed class DotnetExample : IServerProgram
{
    // The collector as the examples set it, pinned here so that no one's shell changes it.
    private static readonly Dictionary<string, string> Runtime = new()
    {
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_gcConcurrent"] = "0",
        ["DOTNET_TieredCompilation"] = "1",
        ["DOTNET_TieredPGO"] = "1",
    };

    private static readonly TimeSpan BuildBound = TimeSpan.FromMinutes(10);

    private static Task? _built;

    private readonly string _project;
    private readonly string[] _arguments;

    private DotnetExample(string name, string project, params string[] arguments) => (Name, _project, _arguments) = (name, project, arguments);

    public string Name { get; }

    public string Settings => string.Join(' ', _arguments);

    /// <summary>The tables that they read, as SQL.</summary>
    public static string Schema => Path.Combine(Examples(), "techempower", "schema.sql");

    /// <summary>Gatehouse.Web.</summary>
    public static DotnetExample Web(bool isInline, string data = "dapper") =>
        new(isInline ? "gatehouse.web inline" : "gatehouse.web", "techempower/TechEmpower", "--inline", isInline ? "on" : "off", "--data", data);

    /// <summary>ASP.NET Core on Kestrel.</summary>
    public static DotnetExample Kestrel(string data = "dapper") => new("kestrel", "aspnet/AspNet", "--server", "kestrel", "--data", data);

    /// <summary>ASP.NET Core on Gatehouse.</summary>
    public static DotnetExample AspNetCore(bool isInline) =>
        new(isInline ? "aspnetcore on gatehouse inline" : "aspnetcore on gatehouse", "aspnet/AspNet", "--server", "gatehouse", "--inline", isInline ? "on" : "off");

    /// <summary>Builds the examples, once in a run.</summary>
    /// <exception cref="RowFailedException">They do not build.</exception>
    public static Task BuildAsync(CancellationToken stop) => _built ??= BuildOnceAsync(stop);

    private static async Task BuildOnceAsync(CancellationToken stop)
    {
        foreach (var project in (string[])["techempower/TechEmpower", "aspnet/AspNet"])
        {
            var file = Path.Combine(Examples(), project + ".csproj");
            await Child.RunAsync(new Launch("dotnet", ["build", file, "-c", "Release", "-v", "q", "--nologo", "-p:RunAnalyzers=false"]), [], BuildBound, stop);
        }
    }

    public Launch Configure(ServerSetup setup)
    {
        var folder = Path.Combine(Examples(), Path.GetDirectoryName(_project)!);
        var library = Path.Combine(folder, "bin", "Release", "net10.0", Path.GetFileName(_project) + ".dll");
        string[] database = setup.Database is null ? [] : ["--database", setup.Database.ConnectionString];
        return new Launch("dotnet", [library, "--listen", $"127.0.0.1:{setup.Port}", .. _arguments, .. database]) { Environment = Runtime };
    }

    // The checkout that the harness was built in.
    private static string Examples()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Gatehouse.slnx")))
                return Path.Combine(folder.FullName, "examples");
        }
        throw new RowFailedException($"no folder above {AppContext.BaseDirectory} is a checkout of Gatehouse");
    }
}
