using System.Text;

namespace Gatehouse.Web;

/// <summary>One segment of a <see cref="RoutePattern"/>: a literal, a parameter with its constraints, or a catch-all that takes the rest of the path.</summary>
internal sealed record RouteSegment(string? Literal, string Parameter, IReadOnlyList<RouteConstraint> Constraints, bool IsOptional, bool IsCatchAll)
{
    /// <summary>The literal's bytes; empty for a parameter.</summary>
    public byte[] Bytes { get; } = Encoding.UTF8.GetBytes(Literal ?? "");

    /// <summary>What two segments have in common that match the same: parameters differ by their constraints and not by their names.</summary>
    public string Shape => Literal ?? $"{{{(IsCatchAll ? "*" : "")}{string.Concat(Constraints.Select(constraint => ":" + constraint.Text))}}}";
}
