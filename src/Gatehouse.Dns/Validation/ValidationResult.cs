namespace Gatehouse.Dns.Validation;

/// <summary>What checking the signatures of an answer gave.</summary>
/// <param name="Status">The result.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record ValidationResult(ValidationStatus Status, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Status.ToString().ToLowerInvariant()}: {Reason}";
}
