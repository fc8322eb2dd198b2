using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Upstreams.Discovery;

/// <summary>A target that a name stands for at the moment.</summary>
/// <param name="Config">The target as it is written.</param>
/// <param name="Endpoint">Where it is.</param>
/// <param name="Weight">Its share.</param>
internal sealed record FoundTarget(TargetConfig Config, Endpoint Endpoint, int Weight);
