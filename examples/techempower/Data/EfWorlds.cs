using Microsoft.EntityFrameworkCore;

namespace TechEmpower.Data;

/// <summary>The database by EF Core.</summary>
internal sealed class EfWorlds(IDbContextFactory<WorldContext> contexts) : Worlds
{
    private static readonly Func<WorldContext, int, Task<World>> One =
        EF.CompileAsyncQuery((WorldContext context, int id) => context.Worlds.AsNoTracking().Single(world => world.Id == id));

    private static readonly Func<WorldContext, IAsyncEnumerable<Fortune>> Every =
        EF.CompileAsyncQuery((WorldContext context) => context.Fortunes.AsNoTracking());

    public override async Task<World> AnyAsync()
    {
        await using var context = await contexts.CreateDbContextAsync();
        return await One(context, World.AnyId());
    }

    public override async Task<World[]> SomeAsync(int count)
    {
        await using var context = await contexts.CreateDbContextAsync();
        var worlds = new World[count];
        for (var i = 0; i < count; i++)
            worlds[i] = await One(context, World.AnyId());
        return worlds;
    }

    public override async Task<World[]> UpdateAsync(int count)
    {
        await using var context = await contexts.CreateDbContextAsync();
        var worlds = new World[count];
        for (var i = 0; i < count; i++)
        {
            var id = World.AnyId();
            worlds[i] = await context.Worlds.SingleAsync(world => world.Id == id);
            worlds[i].RandomNumber = World.AnyId();
        }
        await context.SaveChangesAsync();
        return worlds;
    }

    protected override async Task<List<Fortune>> AllFortunesAsync()
    {
        await using var context = await contexts.CreateDbContextAsync();
        var fortunes = new List<Fortune>();
        await foreach (var fortune in Every(context))
            fortunes.Add(fortune);
        return fortunes;
    }
}

/// <summary>The two tables.</summary>
internal sealed class WorldContext(DbContextOptions<WorldContext> options) : DbContext(options)
{
    public DbSet<World> Worlds => Set<World>();

    public DbSet<Fortune> Fortunes => Set<Fortune>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<World>(world =>
        {
            world.ToTable("world");
            world.Property(row => row.Id).HasColumnName("id");
            world.Property(row => row.RandomNumber).HasColumnName("randomnumber");
        });
        modelBuilder.Entity<Fortune>(fortune =>
        {
            fortune.ToTable("fortune");
            fortune.Property(row => row.Id).HasColumnName("id");
            fortune.Property(row => row.Message).HasColumnName("message");
        });
    }
}
