namespace Gatehouse.Gateways.Supervision;

/// <summary>What <c>gatehouse status</c> says of one process.</summary>
/// <param name="State">starting, idle, busy, leaving.</param>
/// <param name="Id">Its pid; 0 before it has one.</param>
/// <param name="Requests">Requests answered.</param>
/// <param name="MemoryBytes">Resident memory; 0 when it is not known.</param>
/// <param name="Age">Since its start.</param>
/// <param name="Current">The request that it runs, as method and path; null when it runs none.</param>
public sealed record ProcessReport(string State, int Id, long Requests, long MemoryBytes, TimeSpan Age, string? Current);
