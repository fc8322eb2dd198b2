using Gatehouse.Bench.Rows;

namespace Gatehouse.Bench.Parts;

/// <summary>A part of the product with its table of bounds.</summary>
internal interface IPart
{
    /// <summary>The word on the command line.</summary>
    string Name { get; }

    /// <summary>Lines that say how it is measured, beside what is common to all parts.</summary>
    IReadOnlyList<string> Method { get; }

    /// <summary>Programs whose versions belong on top of the page, with the argument that makes them tell.</summary>
    IReadOnlyList<(string Program, string Argument)> Versioned { get; }

    /// <summary>The rows in the order of the table.</summary>
    IReadOnlyList<IRow> Rows { get; }
}
