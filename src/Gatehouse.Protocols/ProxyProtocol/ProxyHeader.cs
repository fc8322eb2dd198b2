using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Protocols.ProxyProtocol;

/// <summary>What the header of the PROXY protocol says about a connection.</summary>
/// <param name="IsProxied">False when the sender speaks for itself (LOCAL), or does not say for whom (UNKNOWN): the connection's own endpoints hold.</param>
/// <param name="Source">The client.</param>
/// <param name="Destination">Where the client connected to.</param>
public readonly record struct ProxyHeader(bool IsProxied, Endpoint Source, Endpoint Destination);
