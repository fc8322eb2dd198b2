using Gatehouse.Http.Settings;

namespace Gatehouse.Config.HttpBin;

/// <summary>httpbin.</summary>
public sealed record HttpBinConfig : ICheckedSettings
{
    /// <summary>Always on: a route without it has another handler.</summary>
    [Setting("on: answer as httpbin")]
    [Shorthand]
    public bool Enabled { get; init; } = true;

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (!Enabled)
            faults.Report("enabled", "found off, expected on; to serve no httpbin leave the route away");
    }
}
