namespace Gatehouse.Dns.Forwarder.Queries;

/// <summary>What became of a query at once.</summary>
internal enum QueryOutcome
{
    /// <summary>The answer is written.</summary>
    Answered,

    /// <summary>There is no answer, and there will be none.</summary>
    Dropped,

    /// <summary>It is taken on: who asked hears of it when servers have answered.</summary>
    Waits,
}
