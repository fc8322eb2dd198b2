using Gatehouse.Bench.Results;

namespace Gatehouse.Bench.Rows;

/// <summary>One line of the table of bounds, and how its figures are found.</summary>
internal interface IRow
{
    /// <summary>The name for --only.</summary>
    string Name { get; }

    /// <summary>What is measured, for people.</summary>
    string Title { get; }

    /// <summary>Starts what it needs, measures, and ends what it started.</summary>
    /// <exception cref="RowFailedException">There is no figure.</exception>
    Task<RowResult> RunAsync(Session session);
}
