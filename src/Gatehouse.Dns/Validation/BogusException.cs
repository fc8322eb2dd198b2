namespace Gatehouse.Dns.Validation;

/// <summary>Signatures do not hold: ends a <see cref="ValidationRun"/> from wherever that is found.</summary>
internal sealed class BogusException(string message) : Exception(message);
