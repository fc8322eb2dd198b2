namespace Gatehouse.Fuzz;

/// <summary>A target's claim does not hold: two ways to read the same input differ, or a result breaks its contract.</summary>
public sealed class ClaimException(string message) : Exception(message);
