namespace Gatehouse.Edge.Logs;

/// <summary>A piece of a format: fixed bytes, and the variable behind them.</summary>
/// <param name="Literal">The fixed bytes.</param>
/// <param name="Variable">The variable, or none.</param>
/// <param name="FieldName">The field that <see cref="LogVariable.Header"/> and <see cref="LogVariable.ResponseHeader"/> name.</param>
internal readonly record struct LogSegment(byte[] Literal, LogVariable Variable, byte[] FieldName);
