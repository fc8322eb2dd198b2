using Gatehouse.AspNetCore;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.AspNetCore.Hosting;

/// <summary>Puts an application of ASP.NET Core on Gatehouse's engine.</summary>
public static class GatehouseWebHostBuilderExtensions
{
    /// <summary>
    /// Serves the application with Gatehouse in place of Kestrel. Addresses come from where ASP.NET Core has them: <c>--urls</c>, ASPNETCORE_URLS, the
    /// application's own list; http://localhost:5000 without any.
    /// </summary>
    public static IWebHostBuilder UseGatehouse(this IWebHostBuilder builder, Action<GatehouseServerOptions>? configure = null) =>
        builder.ConfigureServices(services =>
        {
            services.RemoveAll<IServer>();
            services.AddSingleton<IServer, GatehouseServer>();
            if (configure is not null)
                services.Configure(configure);
        });
}
