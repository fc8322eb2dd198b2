namespace Gatehouse.Bench.Results;

/// <summary>The ratios of paired rounds; the middle one counts, the ends show how far to trust it.</summary>
internal sealed record Ratio(IReadOnlyList<double> Rounds)
{
    public double Median => Statistics.Median(Rounds);

    public override string ToString() => FormattableString.Invariant($"{Rounds.Min():0.00}–{Rounds.Max():0.00}");
}
