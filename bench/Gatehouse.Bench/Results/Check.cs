using System.Text.Json.Serialization;

namespace Gatehouse.Bench.Results;

/// <summary>A figure with the bound that it must not exceed.</summary>
/// <param name="What">What was measured, with whom it was compared.</param>
/// <param name="Value">The figure.</param>
/// <param name="Bound">The most it may be.</param>
/// <param name="Unit">Its unit; empty for a ratio.</param>
/// <param name="Spread">The smallest and the largest of the rounds behind the figure; empty where there is one only.</param>
internal sealed record Check(string What, double Value, double Bound, string Unit, string Spread = "")
{
    [JsonIgnore] public bool Holds => Value <= Bound;
}
