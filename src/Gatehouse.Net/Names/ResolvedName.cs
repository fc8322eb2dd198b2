using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Names;

/// <summary>What a name stands for.</summary>
/// <param name="Addresses">Its addresses, the one to try first in front; at least one.</param>
/// <param name="TimeToLive">How long they may be kept without asking again; zero where that is not known.</param>
public sealed record ResolvedName(IReadOnlyList<IpAddress> Addresses, TimeSpan TimeToLive);
