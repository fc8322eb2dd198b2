namespace Gatehouse.Dns.Forwarder.Fronts;

/// <summary>What connections of clients may hold.</summary>
/// <param name="Connections">Connections of one address on one reactor.</param>
/// <param name="Idle">How long one may be silent, and a query on it may take to come.</param>
internal sealed record StreamLimits(int Connections, TimeSpan Idle);
