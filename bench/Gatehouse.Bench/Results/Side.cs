using System.Text.Json.Serialization;

namespace Gatehouse.Bench.Results;

/// <summary>
/// One server in one row: its name, the settings chosen for it, its rounds in order, and its resident memory after them (bytes; null when not read).
/// </summary>
internal sealed record Side(string Server, string Settings, IReadOnlyList<Sample> Samples, long? ResidentBytes)
{
    [JsonIgnore] public double? CpuMicros => MedianOf(sample => sample.CpuMicros);
    [JsonIgnore] public double? RequestsPerSecond => MedianOf(sample => sample.RequestsPerSecond);
    [JsonIgnore] public double? P50Micros => MedianOf(sample => sample.P50Micros);
    [JsonIgnore] public double? P99Micros => MedianOf(sample => sample.P99Micros);
    [JsonIgnore] public double? WaitedShare => MedianOf(sample => sample.WaitedShare);

    /// <summary>The ratio of a figure of this side to the other's, round by round: neighbours in time share the machine's mood.</summary>
    public Ratio To(Side other, Func<Sample, double?> figure) =>
        new([.. Samples.Zip(other.Samples, (mine, theirs) => figure(mine)!.Value / figure(theirs)!.Value)]);

    private double? MedianOf(Func<Sample, double?> figure)
    {
        double[] known = [.. Samples.Select(figure).OfType<double>()];
        return known.Length > 0 ? Statistics.Median(known) : null;
    }
}
