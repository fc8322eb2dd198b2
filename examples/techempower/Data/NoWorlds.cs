namespace TechEmpower.Data;

/// <summary>No database was named: the tests that need none run nevertheless.</summary>
internal sealed class NoWorlds : Worlds
{
    public override Task<World> AnyAsync() => throw Absent();

    public override Task<World[]> SomeAsync(int count) => throw Absent();

    public override Task<World[]> UpdateAsync(int count) => throw Absent();

    protected override Task<List<Fortune>> AllFortunesAsync() => throw Absent();

    private static NoDatabaseException Absent() => new("No database: start with --database 'Host=...;Database=...;Username=...'.");
}

/// <summary>Nobody named a database.</summary>
internal sealed class NoDatabaseException(string message) : Exception(message);
