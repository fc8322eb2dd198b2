using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Web;

/// <summary>How an application keeps its data.</summary>
/// <typeparam name="TContext">The application's own context.</typeparam>
public sealed class DatabaseOptions<TContext>
    where TContext : DbContext
{
    /// <summary>
    /// Where the database is, when the settings do not say (<c>--database</c>, <c>GATEHOUSE_DATABASE</c>, <c>database</c> in appsettings.json): a connection
    /// string of PostgreSQL (<c>Host=...</c> or <c>postgresql://...</c>), or a file of SQLite, which lies in the application's folder.
    /// </summary>
    public string Database { get; set; } = "app.db";

    /// <summary>Fills a database that was made or migrated just now. May run more than once: it looks at what is there already.</summary>
    public Func<TContext, CancellationToken, Task>? Seed { get; set; }

    /// <summary>Completes the options of the context, behind the provider.</summary>
    public Action<DbContextOptionsBuilder>? Configure { get; set; }

    /// <summary>How often one unit of work may send the same command in development before the log warns of N+1 queries; 5 unless set.</summary>
    public int RepeatsBeforeWarning { get; set; } = 5;
}
