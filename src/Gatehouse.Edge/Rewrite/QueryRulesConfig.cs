using Gatehouse.Http.Settings;

namespace Gatehouse.Edge.Rewrite;

/// <summary>
/// What is done to the query's parameters: first some are removed, then set, then added. Names and values are written plain, without percent-encoding.
/// </summary>
public sealed record QueryRulesConfig
{
    /// <summary>Parameters that replace those of their name.</summary>
    [Setting("Parameters that replace all of the same name")]
    public IReadOnlyDictionary<string, string> Set { get; init; } = new Dictionary<string, string>();

    /// <summary>Parameters that stand beside those of their name.</summary>
    [Setting("Parameters that are added to those of the same name")]
    public IReadOnlyDictionary<string, string> Add { get; init; } = new Dictionary<string, string>();

    /// <summary>Parameters that are taken away.</summary>
    [Setting("Names of parameters to remove; * for all")]
    public IReadOnlyList<string> Remove { get; init; } = [];

    /// <summary>True when there is nothing to do.</summary>
    public bool IsEmpty => Set.Count + Add.Count + Remove.Count == 0;
}
