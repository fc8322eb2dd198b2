using Gatehouse.Gateways.Peers;

namespace Gatehouse.Gateways.Scgi;

/// <summary>SCGI servers, and how requests go to them.</summary>
public sealed record ScgiConfig : PeerConfig;
