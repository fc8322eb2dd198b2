namespace Gatehouse.Pki.Chains;

/// <summary>How bad a <see cref="Finding"/> is.</summary>
public enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Worth knowing; clients accept it.</summary>
    Note,

    /// <summary>Clients refuse it.</summary>
    Fault,
}

/// <summary>One thing that was looked at, and how it was found.</summary>
/// <param name="Level">How bad it is.</param>
/// <param name="Text">What was found, a sentence without a full stop.</param>
/// <param name="Advice">What to do about it; null when there is nothing to do.</param>
public sealed record Finding(FindingLevel Level, string Text, string? Advice = null)
{
    /// <summary>As it should be.</summary>
    internal static Finding Good(string text) => new(FindingLevel.Good, text);

    /// <summary>Worth knowing.</summary>
    internal static Finding Note(string text, string? advice = null) => new(FindingLevel.Note, text, advice);

    /// <summary>Clients refuse it.</summary>
    internal static Finding Fault(string text, string advice) => new(FindingLevel.Fault, text, advice);
}
