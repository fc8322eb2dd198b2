using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Gatehouse.Web;

/// <summary>Where an application finds its settings, and those of the framework itself.</summary>
internal sealed class AppSettings
{
    private AppSettings(ConfigurationManager configuration, string root, bool isDevelopment)
    {
        Configuration = configuration;
        Root = root;
        IsDevelopment = isDevelopment;
    }

    public ConfigurationManager Configuration { get; }

    public string Root { get; }

    public bool IsDevelopment { get; }

    /// <summary>The addresses to listen on.</summary>
    public IReadOnlyList<string> Listen => Configuration["listen"] is { Length: > 0 } listen
        ? listen.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : ["127.0.0.1:8080"];

    /// <summary>How many reactors: one for each core unless the setting 'reactors' says otherwise.</summary>
    public int Reactors => Configuration["reactors"] is { Length: > 0 } text
        ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 1024
            ? count
            : throw new SettingsException($"reactors: found '{text}', expected 1 to 1024")
        : Environment.ProcessorCount;

    /// <summary>Reads the settings.</summary>
    public static AppSettings Read(string[] args, Assembly? program)
    {
        var line = new ConfigurationBuilder().AddCommandLine(args).Build();
        var environment = line["environment"] ?? Environment.GetEnvironmentVariable("GATEHOUSE_ENVIRONMENT") ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT");
        var isDevelopment = "development".Equals(environment, StringComparison.OrdinalIgnoreCase);
        var root = line["root"] is { } named ? Path.GetFullPath(named) : FindRoot();
        var configuration = new ConfigurationManager();
        configuration.SetBasePath(root);
        AddFile(configuration, root, "appsettings.json");
        AddFile(configuration, root, isDevelopment ? "appsettings.Development.json" : "appsettings.Production.json");
        if (isDevelopment && program is not null)
            configuration.AddUserSecrets(program, optional: true);
        configuration.AddEnvironmentVariables("GATEHOUSE_");
        configuration.AddEnvironmentVariables();
        configuration.AddCommandLine(args);
        return new AppSettings(configuration, root, isDevelopment);
    }

    /// <summary>The endpoint of an address to listen on.</summary>
    /// <exception cref="FormatException">It is none; the message says what was expected.</exception>
    public static Gatehouse.Protocols.Addresses.Endpoint EndpointOf(string address) => Gatehouse.Protocols.Addresses.Endpoint.Parse(address);

    private static void AddFile(ConfigurationManager configuration, string root, string name)
    {
        if (File.Exists(Path.Combine(root, name)))
            configuration.AddJsonFile(name, optional: false, reloadOnChange: false);
    }

    // Where the program was started, when that is a folder of an application; else where it lies.
    private static string FindRoot()
    {
        var here = Directory.GetCurrentDirectory();
        return File.Exists(Path.Combine(here, "appsettings.json")) || Directory.Exists(Path.Combine(here, "templates")) || Directory.Exists(Path.Combine(here, "wwwroot"))
            ? here
            : AppContext.BaseDirectory;
    }
}
