using Gatehouse.Http.Settings;

namespace Gatehouse.Gateways.Python;

/// <summary>How many workers a pool has.</summary>
public sealed record WorkersConfig : ICheckedSettings
{
    /// <summary>How many workers start.</summary>
    [Setting("How many workers start; auto is one for each core")]
    [Shorthand]
    public CountOrAuto Count { get; init; }

    /// <summary>The fewest.</summary>
    [Setting("The fewest workers that idle ones leave; without it the number does not shrink")]
    [Bounds(1, 200)]
    public int? Min { get; init; }

    /// <summary>The most.</summary>
    [Setting("The most workers that are started while requests wait; without it the number does not grow")]
    [Bounds(1, 200)]
    public int? Max { get; init; }

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (Count.Count > PythonSettings.MostWorkers)
            faults.Report("count", $"found {Count}, expected at most {PythonSettings.MostWorkers}");
        if (Min > Max)
            faults.Report("max", $"found {Max}, which is less than min ({Min})");
    }
}
