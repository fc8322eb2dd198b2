using System.Text.Json.Serialization;

namespace Gatehouse.Bench.Results;

/// <summary>What a row found; or, in <paramref name="Failure"/>, why it found nothing.</summary>
internal sealed record RowResult(
    string Name, string Title, IReadOnlyList<Side> Sides, IReadOnlyList<Check> Checks, IReadOnlyList<string> Notes, string? Failure = null)
{
    // A server that has its core to itself waits for it hardly ever.
    private const double WaitedTooMuch = 0.05;

    [JsonIgnore] public bool Holds => Failure is null && Checks.All(check => check.Holds);

    /// <summary>The row that could not be measured.</summary>
    public static RowResult Failed(string name, string title, string reason) => new(name, title, [], [], [], reason);

    /// <summary>A note for each side whose core was not its own while it was measured.</summary>
    public static IEnumerable<string> Disturbances(IEnumerable<Side> sides) =>
        from side in sides
        where side.WaitedShare > WaitedTooMuch
        select FormattableString.Invariant($"disturbed: {side.Server} waited for its core {100 * side.WaitedShare:0} % of the time; something else ran on it");
}
