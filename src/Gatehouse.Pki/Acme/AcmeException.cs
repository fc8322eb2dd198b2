namespace Gatehouse.Pki.Acme;

/// <summary>An ACME server refused, could not be reached, or did not hold to the protocol.</summary>
public sealed class AcmeException : IssueException
{
    /// <summary>A failure.</summary>
    public AcmeException(string message)
        : base(message)
    {
    }

    /// <summary>A failure.</summary>
    public AcmeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A failure.</summary>
    public AcmeException()
    {
    }

    internal AcmeException(string step, AcmeProblem problem)
        : base($"{step}: {problem}") => Problem = problem;

    internal AcmeProblem? Problem { get; }
}
