using System.Net;
using Gatehouse.Testing;

namespace Gatehouse.Web.Tests.Examples;

/// <summary>What a developer does: <c>dotnet new console</c>, add the package, ten lines.</summary>
public sealed class PackageTests : IDisposable
{
    private static readonly string[] Projects =
    [
        "Gatehouse.Protocols", "Gatehouse.Net", "Gatehouse.Http", "Gatehouse.Http.Server", "Gatehouse.Http.Client", "Gatehouse.Upstreams", "Gatehouse.Edge",
        "Gatehouse.Pki", "Gatehouse.Web",
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ten_lines_are_an_application()
    {
        Pack();
        var shop = Path.Combine(_folder.Path, "shop");
        Dotnet(_folder.Path, "new", "console", "-o", shop, "--no-restore");
        // Packages of others come from the machine's cache; those of this checkout from the feed, into a cache of the test's own.
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "NuGet.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{_folder.Path}/packages" /></config>
              <packageSources><add key="checkout" value="{_folder.Path}/feed" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{cache}" /></fallbackPackageFolders>
            </configuration>
            """);
        var project = Path.Combine(shop, "shop.csproj");
        await File.WriteAllTextAsync(project, (await File.ReadAllTextAsync(project)).Replace(
            "</Project>", """<ItemGroup><PackageReference Include="Gatehouse.Web" Version="0.1.0" /></ItemGroup></Project>""", StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(shop, "Program.cs"), """
            var app = new App(args);
            app.Get("/", () => "Welcome to the machine").Inline();
            app.Get("/hello/{name}", (string name) => Html.Page($"<h1>Hello, {name}!</h1>"));
            app.Post("/books", (NewBook book) => book);
            app.Run();

            record NewBook(string Title, int Pages);
            """);
        Dotnet(shop, "build", "-c", "Release", "-v", "q", "-nologo", "-nodeReuse:false");
        using var running = ExampleApp.StartProgram(Path.Combine(shop, "bin", "Release", "net10.0", "shop"));
        Assert.Equal("Welcome to the machine", await (await running.Client.GetAsync("/")).TextAsync());
        Assert.Contains("<h1>Hello, &lt;b&gt;!</h1>", await (await running.Client.GetAsync("/hello/%3Cb%3E")).TextAsync(), StringComparison.Ordinal);
        Assert.Equal("""{"title":"Dune","pages":412}""", await (await running.Client.PostJsonAsync("/books", """{"title":"Dune","pages":412}""")).TextAsync());
        await (await running.Client.GetAsync("/nowhere")).TextAsync(HttpStatusCode.NotFound);
        Assert.Equal(0, running.Stop().ExitCode);
    }

    private void Pack()
    {
        var projects = string.Join(';', Projects.Select(name => Path.Combine(Repository.Root, "src", name, name + ".csproj")));
        var configuration = AppContext.BaseDirectory.Contains("/Debug/", StringComparison.Ordinal) ? "Debug" : "Release";
        var pack = Path.Combine(_folder.Path, "pack.proj");
        File.WriteAllText(pack, $"""
            <Project>
              <Target Name="Pack">
                <MSBuild Projects="{projects}" Targets="Pack" Properties="Configuration={configuration};NoBuild=true;PackageOutputPath={_folder.Path}/feed" />
              </Target>
            </Project>
            """);
        Dotnet(_folder.Path, "msbuild", pack, "-t:Pack", "-v:q", "-nologo", "-nodeReuse:false");
    }

    private static void Dotnet(string folder, params string[] arguments) => PeerProcess.Run(
        "dotnet", arguments, TimeSpan.FromMinutes(4), folder,
        new Dictionary<string, string?> { ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1", ["DOTNET_NOLOGO"] = "1", ["MSBUILDDISABLENODEREUSE"] = "1" }).Expect();
}
