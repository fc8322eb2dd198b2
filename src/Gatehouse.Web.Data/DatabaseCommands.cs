using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web;

/// <summary>What can be done to the database from the command line: <c>--migrate apply</c>, <c>--migrate list</c>, <c>--migrate script</c>.</summary>
public static class DatabaseCommands
{
    /// <summary>
    /// Does what the command line asks for and says so on <paramref name="output"/>; false when it asks for nothing, and the application goes on to serve.
    /// <code>
    /// if (await app.RunDatabaseCommandAsync&lt;ShopContext>(Console.Out)) return;
    /// app.Run();
    /// </code>
    /// <list type="bullet">
    /// <item><c>apply</c> brings the database to the newest migration, making it if need be, and seeds it; without migrations the tables are made as the model says.</item>
    /// <item><c>list</c> lists the migrations and which are pending.</item>
    /// <item><c>script</c> writes the SQL that takes an empty database to the newest migration, once or again.</item>
    /// </list>
    /// </summary>
    /// <exception cref="SettingsException">The command is none of these.</exception>
    public static async Task<bool> RunDatabaseCommandAsync<TContext>(this App app, TextWriter output, CancellationToken cancellation = default)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(output);
        if (app.Configuration["migrate"] is not { Length: > 0 } command)
            return false;
        await using var context = await app.Provider.GetRequiredService<IDbContextFactory<TContext>>().CreateDbContextAsync(cancellation);
        switch (command)
        {
            case "apply":
                await ApplyAsync(context, output, cancellation);
                return true;
            case "list":
                var applied = (await context.Database.GetAppliedMigrationsAsync(cancellation)).ToHashSet();
                foreach (var migration in context.Database.GetMigrations())
                    await output.WriteLineAsync($"{(applied.Contains(migration) ? "applied" : "pending")}  {migration}");
                return true;
            case "script":
                await output.WriteAsync(Script(context));
                return true;
            default:
                throw new SettingsException($"migrate: found '{command}', expected apply, list or script");
        }
    }

    /// <summary>Brings the database to the newest migration and seeds it: for an application that does so as it starts.</summary>
    public static async Task MigrateAsync<TContext>(this App app, CancellationToken cancellation = default)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(app);
        await using var context = await app.Provider.GetRequiredService<IDbContextFactory<TContext>>().CreateDbContextAsync(cancellation);
        await ApplyAsync(context, TextWriter.Null, cancellation);
    }

    private static async Task ApplyAsync(DbContext context, TextWriter output, CancellationToken cancellation)
    {
        if (!context.Database.GetMigrations().Any())
        {
            var isNew = await context.Database.EnsureCreatedAsync(cancellation);
            await output.WriteLineAsync(isNew ? "made the tables" : "the database is there, and there are no migrations");
            return;
        }
        var pending = (await context.Database.GetPendingMigrationsAsync(cancellation)).ToList();
        await context.Database.MigrateAsync(cancellation);
        foreach (var migration in pending)
            await output.WriteLineAsync($"applied  {migration}");
        if (pending.Count == 0)
            await output.WriteLineAsync("nothing to apply");
    }

    private static string Script(DbContext context)
    {
        if (!context.Database.GetMigrations().Any())
            return context.Database.GenerateCreateScript();
        // SQLite has no words for 'unless it is there', so its script is for an empty database.
        var options = context.Database.IsNpgsql() ? MigrationsSqlGenerationOptions.Idempotent : MigrationsSqlGenerationOptions.Default;
        return context.GetService<IMigrator>().GenerateScript(options: options);
    }
}
