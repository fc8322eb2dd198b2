namespace Gatehouse.Net.Names;

/// <summary>What the name of a service stands for (RFC 2782).</summary>
/// <param name="Hosts">Its hosts and ports, those that are to be tried first in front; none when it is not offered.</param>
/// <param name="TimeToLive">How long they may be kept without asking again.</param>
public sealed record ResolvedService(IReadOnlyList<ServiceHost> Hosts, TimeSpan TimeToLive);

/// <summary>A host of a service.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Port">The port.</param>
/// <param name="Priority">The lowest is tried first.</param>
/// <param name="Weight">Its share among those of one priority.</param>
public sealed record ServiceHost(string Host, ushort Port, ushort Priority, ushort Weight);
