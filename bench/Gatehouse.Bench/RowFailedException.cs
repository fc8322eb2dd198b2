namespace Gatehouse.Bench;

/// <summary>A row cannot give a figure: a server did not start, an answer was wrong, a load had errors. The message says which.</summary>
internal sealed class RowFailedException(string message) : Exception(message);
