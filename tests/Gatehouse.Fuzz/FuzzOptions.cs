using Gatehouse.Testing;

namespace Gatehouse.Fuzz;

/// <summary>How long and where a target is fuzzed.</summary>
public sealed record FuzzOptions
{
    /// <summary>How long.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Reproduces a run, as far as the same number of inputs fits into the time.</summary>
    public int Seed { get; init; } = Environment.TickCount;

    /// <summary>Inputs besides the target's own seeds.</summary>
    public IReadOnlyList<byte[]> Corpus { get; init; } = [];

    /// <summary>Where failing inputs are written; made when missing.</summary>
    public string Failures { get; init; } = Path.Combine(Repository.Root, ".build", "fuzz");

    /// <summary>How long one input may take: a codec that needs longer is quadratic or hangs.</summary>
    public TimeSpan InputLimit { get; init; } = TimeSpan.FromSeconds(5);
}
