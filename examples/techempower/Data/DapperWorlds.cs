using Dapper;
using Npgsql;

namespace TechEmpower.Data;

/// <summary>The database by Dapper.</summary>
internal sealed class DapperWorlds(NpgsqlDataSource source) : Worlds
{
    private const string One = "SELECT id, randomnumber FROM world WHERE id = @id";

    public override async Task<World> AnyAsync()
    {
        await using var connection = await source.OpenConnectionAsync();
        return await connection.QuerySingleAsync<World>(One, new { id = World.AnyId() });
    }

    public override async Task<World[]> SomeAsync(int count)
    {
        await using var connection = await source.OpenConnectionAsync();
        return await SomeAsync(connection, count);
    }

    public override async Task<World[]> UpdateAsync(int count)
    {
        await using var connection = await source.OpenConnectionAsync();
        var worlds = await SomeAsync(connection, count);
        foreach (var world in worlds)
            world.RandomNumber = World.AnyId();
        // In the order of their keys, so that two clients never wait for each other in a circle.
        var ordered = worlds.DistinctBy(world => world.Id).OrderBy(world => world.Id).ToArray();
        await connection.ExecuteAsync(
            "UPDATE world SET randomnumber = new.number FROM (SELECT unnest(@ids) AS id, unnest(@numbers) AS number) AS new WHERE world.id = new.id",
            new { ids = ordered.Select(world => world.Id).ToArray(), numbers = ordered.Select(world => world.RandomNumber).ToArray() });
        return worlds;
    }

    protected override async Task<List<Fortune>> AllFortunesAsync()
    {
        await using var connection = await source.OpenConnectionAsync();
        return [.. await connection.QueryAsync<Fortune>("SELECT id, message FROM fortune")];
    }

    private static async Task<World[]> SomeAsync(NpgsqlConnection connection, int count)
    {
        var worlds = new World[count];
        for (var i = 0; i < count; i++)
            worlds[i] = await connection.QuerySingleAsync<World>(One, new { id = World.AnyId() });
        return worlds;
    }
}
