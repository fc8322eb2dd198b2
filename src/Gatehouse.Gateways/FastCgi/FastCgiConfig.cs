using Gatehouse.Gateways.Peers;
using Gatehouse.Http.Settings;

namespace Gatehouse.Gateways.FastCgi;

/// <summary>FastCGI servers, and how requests go to them.</summary>
public sealed record FastCgiConfig : PeerConfig
{
    /// <summary>Unused connections that are kept.</summary>
    [Setting("Unused connections that each reactor keeps to a target; php-fpm holds one child for each, so have more children than all reactors keep")]
    [Bounds(0, 1024)]
    public int Keep { get; init; }

    /// <summary>A program to start in the place of targets.</summary>
    [Setting("A FastCGI program to start and watch, such as [php-cgi], in the place of targets")]
    public SpawnConfig? Spawn { get; init; }

    private protected override bool NeedsTargets => Spawn is null;

    /// <inheritdoc/>
    public override void Check(IFaultSink faults)
    {
        base.Check(faults);
        if (Spawn is not null && To.Count > 0)
            faults.Report("spawn", "found spawn beside to, expected one of them: what is started here is the target");
    }
}
