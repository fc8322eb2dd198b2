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
}
