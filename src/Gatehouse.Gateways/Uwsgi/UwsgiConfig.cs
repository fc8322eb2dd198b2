using Gatehouse.Gateways.Peers;
using Gatehouse.Http.Settings;

namespace Gatehouse.Gateways.Uwsgi;

/// <summary>uwsgi servers, and how requests go to them.</summary>
public sealed record UwsgiConfig : PeerConfig
{
    /// <summary>The kind of request.</summary>
    [Setting("Kind of request in the packet's head: 0 for WSGI, 5 for PSGI, 7 for Rack, 14 for PHP, as uWSGI numbers them")]
    [Bounds(0, 255)]
    public int Modifier1 { get; init; }

    /// <summary>What the kind says of it.</summary>
    [Setting("What the kind says of the request; 0 as a rule")]
    [Bounds(0, 255)]
    public int Modifier2 { get; init; }
}
