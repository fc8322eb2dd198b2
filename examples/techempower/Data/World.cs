namespace TechEmpower.Data;

/// <summary>A row of the table world.</summary>
internal sealed class World
{
    /// <summary>How many there are: 1 to this.</summary>
    public const int Count = 10_000;

    /// <summary>Its key.</summary>
    public int Id { get; set; }

    /// <summary>A number that /updates changes.</summary>
    public int RandomNumber { get; set; }

    /// <summary>The key of any row.</summary>
    public static int AnyId() => Random.Shared.Next(1, Count + 1);
}
