namespace Gatehouse.Pki;

/// <summary>An authority gave no certificate; the message says why, for people.</summary>
public class IssueException : Exception
{
    /// <summary>A refusal.</summary>
    public IssueException(string message)
        : base(message)
    {
    }

    /// <summary>A refusal.</summary>
    public IssueException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A refusal.</summary>
    public IssueException()
        : this("no certificate was issued")
    {
    }

    /// <summary>When to ask again at the earliest, as the authority says; null when it did not say.</summary>
    public DateTimeOffset? RetryAt { get; init; }
}
