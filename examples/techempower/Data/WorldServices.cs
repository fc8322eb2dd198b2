using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace TechEmpower.Data;

/// <summary>What the command line says about the database.</summary>
internal static class WorldServices
{
    /// <summary><c>--database CONNECTION</c>, and <c>--data dapper</c> (the default) or <c>--data ef</c>.</summary>
    public static void AddWorlds(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration["database"] is not { Length: > 0 } connection)
        {
            services.AddSingleton<Worlds, NoWorlds>();
            return;
        }
        if (configuration["data"] == "ef")
        {
            services.AddPooledDbContextFactory<WorldContext>(options => options.UseNpgsql(connection).EnableThreadSafetyChecks(false));
            services.AddSingleton<Worlds, EfWorlds>();
            return;
        }
        services.AddSingleton(NpgsqlDataSource.Create(connection));
        services.AddSingleton<Worlds, DapperWorlds>();
    }
}
