namespace Gatehouse.Dns.Forwarder.Answers;

/// <summary>What is to be done with what a client sent.</summary>
internal enum QueryVerdict
{
    /// <summary>It is a query that can be answered.</summary>
    Good,

    /// <summary>It is none, and whoever is said to have sent it gets no answer: a response, or not even a header.</summary>
    Drop,

    /// <summary>It cannot be read.</summary>
    Malformed,

    /// <summary>It wants something that a forwarder does not do.</summary>
    NotImplemented,

    /// <summary>Its version of EDNS is not known (RFC 6891 section 6.1.3).</summary>
    BadVersion,
}
