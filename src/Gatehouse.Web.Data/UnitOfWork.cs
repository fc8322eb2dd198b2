using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Web;

/// <summary>The contexts that one request has used, in the order of their making; they end with its scope.</summary>
internal sealed class UnitOfWork : IAsyncDisposable, IDisposable
{
    private readonly List<DbContext> _contexts = [];

    /// <summary>A context for the request.</summary>
    public TContext Begin<TContext>(IDbContextFactory<TContext> contexts)
        where TContext : DbContext
    {
        var context = contexts.CreateDbContext();
        _contexts.Add(context);
        return context;
    }

    /// <summary>Saves what was changed and not saved yet. One call is one transaction for each database.</summary>
    public async Task SaveAsync(CancellationToken cancellation)
    {
        foreach (var context in _contexts)
        {
            if (context.ChangeTracker.HasChanges())
                await context.SaveChangesAsync(cancellation);
        }
    }

    public void Dispose()
    {
        foreach (var context in _contexts)
            context.Dispose();
        _contexts.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var context in _contexts)
            await context.DisposeAsync();
        _contexts.Clear();
    }
}
