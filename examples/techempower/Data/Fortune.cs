namespace TechEmpower.Data;

/// <summary>A row of the table fortune.</summary>
internal sealed class Fortune
{
    /// <summary>Its key; 0 for the one that is added to each answer.</summary>
    public int Id { get; set; }

    /// <summary>What it says.</summary>
    public string Message { get; set; } = "";
}
