namespace Gatehouse.Config;

/// <summary>One thing that is wrong with a configuration.</summary>
/// <param name="Mark">Where it is.</param>
/// <param name="Message">What was found, and what was expected.</param>
public sealed record ConfigFault(SourceMark Mark, string Message)
{
    /// <summary><c>file:line:column: message</c>.</summary>
    public override string ToString() => $"{Mark}: {Message}";
}
