using Gatehouse.Upstreams.Policies;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Upstreams.Discovery;

/// <summary>Targets and the policy among them, replaced together.</summary>
/// <param name="Targets">The targets.</param>
/// <param name="Policy">The policy.</param>
internal sealed record TargetSet(Target[] Targets, BalancingPolicy Policy);
