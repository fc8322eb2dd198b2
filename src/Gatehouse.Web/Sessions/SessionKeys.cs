using System.Reflection;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Web;

/// <summary>The keys that protect cookies: in a folder that only this user can read, made when first needed and changed every 90 days.</summary>
internal static class SessionKeys
{
    public static IDataProtectionProvider Open(App app)
    {
        var name = Assembly.GetEntryAssembly()?.GetName().Name ?? "application";
        var folder = app.Sessions.KeyFolder ?? Path.Combine(AppListening.StatePath(app.Configuration["state"]), "keys", name);
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var services = new ServiceCollection();
        services.AddSingleton(app.Provider.GetRequiredService<ILoggerFactory>());
        // It warns that keys are not encrypted at rest; the folder's mode is what protects them.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error));
        services.AddDataProtection().SetApplicationName(name).PersistKeysToFileSystem(new DirectoryInfo(folder));
        var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IDataProtectionProvider>();
    }
}
