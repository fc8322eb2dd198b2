using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Web;

/// <summary>Logs on standard output: lines for people in development, one JSON object a line in production.</summary>
internal static class AppLogging
{
    public static void Add(IServiceCollection services, AppSettings settings) => services.AddLogging(logging =>
    {
        logging.SetMinimumLevel(Level(settings.Configuration["Logging:Level"]));
        foreach (var section in settings.Configuration.GetSection("Logging:Levels").GetChildren())
            logging.AddFilter(section.Key, Level(section.Value));
        if (settings.IsDevelopment)
            logging.AddSimpleConsole(console => console.SingleLine = true);
        else
            logging.AddJsonConsole(console => console.IncludeScopes = true);
    });

    private static LogLevel Level(string? text) => text is null ? LogLevel.Information
        : Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level) && Enum.IsDefined(level) ? level
        : throw new SettingsException($"Logging: found the level '{text}', expected one of {string.Join(", ", Enum.GetNames<LogLevel>())}");
}
